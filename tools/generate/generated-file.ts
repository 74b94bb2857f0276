import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

/** A file that is generated from code and checked in. `path` is relative to the repository's root. */
export interface GeneratedFile {
  path: string;
  content: string;
}

/**
 * With `--write`, writes the files. Else compares them with the files in the tree, and fails the process if they differ.
 */
export function writeOrCompare(script: string, files: readonly GeneratedFile[]): void {
  const write = process.argv.includes('--write');
  const stale = files.filter(({ path, content }) => {
    const file = join(root, path);
    return !existsSync(file) || readFileSync(file, 'utf8') !== content;
  });
  for (const { path, content } of stale) {
    if (write) writeFileSync(join(root, path), content);
    process.stdout.write(write ? `${path} written\n` : `${path} differs from the code\n`);
  }
  if (stale.length === 0 || write) return;
  process.stdout.write(`\`node tools/run.mjs tools/${script} --write\` updates it.\n`);
  process.exitCode = 1;
}

/** The document at `path` with the list between each pair of marks replaced by the list that the mark names. */
export function withLists(path: string, lists: Record<string, string>): GeneratedFile {
  const content = readFileSync(join(root, path), 'utf8').replaceAll(
    /(<!-- generated: (\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}\n${lists[name]}\n${end}`,
  );
  return { path, content };
}

/** JSON as the formatter writes it. */
export function formattedJson(path: string, value: unknown): string {
  const biome = join(root, 'node_modules', '.bin', 'biome');
  const run = spawnSync(biome, ['format', `--stdin-file-path=${path}`], {
    cwd: root,
    input: JSON.stringify(value, undefined, 2),
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`biome could not format ${path}: ${run.stderr}`);
  return run.stdout;
}
