import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

export const mapFile = 'docs/behaviours.md';

/** The number of behaviours in each family. Fixed, so that the map cannot lose one. */
const families: Record<string, number> = { S0: 25, S1: 10, S2: 15, S3: 15, S4: 11, D: 10 };

export const behaviourIds: readonly string[] = Object.entries(families).flatMap(([family, count]) =>
  Array.from({ length: count }, (_, index) => `${family}-${String(index + 1).padStart(2, '0')}`),
);

/** The ids at the start of a title: `S0-04 S0-05 our frames …` has two. */
export function shownIds(title: string): string[] {
  return /^((?:S\d|D)-\d\d(?: |$))*/.exec(title)?.[0].trim().split(' ').filter(Boolean) ?? [];
}

/** An entry of the map, up to its list of files, and that list: `- **S0-01** … - Shown by: …`. */
export const entryPattern =
  /^(- \*\*((?:S\d|D)-\d\d)\*\*(?:(?!^- )[\s\S])*?^ {2}- Shown by: )((?:.|\n {4})*)/gm;

/** id → test files, empty where the map says `open`. Entries of another form are faults. */
export function readMap(text: string): { map: Map<string, string[]>; faults: string[] } {
  const map = new Map<string, string[]>();
  const faults: string[] = [];
  for (const [, , id = '', shownBy = ''] of text.matchAll(entryPattern)) {
    const files = [...shownBy.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);
    if (files.length === 0 && shownBy !== 'open')
      faults.push(`${id}: "Shown by" must be \`open\` or test files in backticks`);
    if (map.has(id)) faults.push(`${id} is listed twice`);
    map.set(id, files);
  }
  return { map, faults };
}

/** file → the ids at the start of its test titles, read from the source. */
export function claimedIds(): Map<string, Set<string>> {
  const claims = new Map<string, Set<string>>();
  const files = ['packages', 'services', 'tools', 'tests'].flatMap((folder) =>
    globSync(`${folder}/**/*.test.ts`, { cwd: root, exclude: (name) => name === 'node_modules' }),
  );
  files.push(...globSync('deploy/terraform/modules/*/tests/*.tftest.hcl', { cwd: root }));
  for (const file of files.sort()) {
    const source = readFileSync(join(root, file), 'utf8');
    const titles = file.endsWith('.hcl')
      ? // Names of Terraform runs contain no spaces.
        [...source.matchAll(/^run "([^"]+)"/gm)].map((match) => match[1]?.replaceAll('_', ' '))
      : [...source.matchAll(/\b(?:test|it)\(\s*['"`]([^'"`]*)/g)].map((match) => match[1]);
    const ids = titles.flatMap((title) => shownIds(title ?? ''));
    if (ids.length > 0) claims.set(file, new Set(ids));
  }
  return claims;
}

/** The disagreements of the map and the tests. */
export function mapFaults(text: string, claims: Map<string, Set<string>>): string[] {
  const { map, faults } = readMap(text);
  for (const id of behaviourIds) if (!map.has(id)) faults.push(`${id} is not listed`);
  for (const id of map.keys())
    if (!behaviourIds.includes(id)) faults.push(`${id} is listed but is not a known behaviour`);
  for (const [id, files] of map)
    for (const file of files)
      if (!existsSync(join(root, file))) faults.push(`${id}: ${file} does not exist`);
      else if (!claims.get(file)?.has(id))
        faults.push(`${id}: no test in ${file} has a title that begins with it`);
  for (const [file, ids] of claims)
    for (const id of ids)
      if (!behaviourIds.includes(id))
        faults.push(`${file} claims ${id}, which is not a known behaviour`);
      else if (!map.get(id)?.includes(file))
        faults.push(`${id}: ${file} claims it, and its entry does not name that file`);
  return faults;
}
