import {
  isSchemaPath,
  type SchemaFile,
  schemaFile,
  versionIn,
  withoutVersion,
} from '../schema-file.ts';
import type { Note } from '../verdict.ts';
import { type Comparison, pathIn } from './comparison.ts';
import { isJsonSchema } from './is-json-schema.ts';
import type { NumberedFiles } from './numbered-files.ts';
import { createIsPresent } from './present-files.ts';
import { likeness, ownNameOf, ownWords } from './schema-likeness.ts';

/** The file of the base that a file was before. */
export interface Renamed {
  /** The path in the root. */
  readonly from: string;
  /** By what it was recognized. */
  readonly sign: string;
  /** Higher numbers of the old name that are gone too and continue in no file. */
  readonly higher: ReadonlySet<string>;
}

interface Candidate {
  readonly path: string;
  readonly file: SchemaFile;
  readonly text: string;
  readonly name: string | undefined;
  readonly words: ReadonlySet<string>;
  /** Whether it follows lower numbers that the base has: then only a number of the same name can be its old one. */
  readonly followsNumbers?: boolean;
}

/** How much of the words must be common if neither the text nor the name is. */
const enoughWords = 0.7;

/**
 * The files that were renamed since the base: those that it does not have, each with a file that is gone. The same text
 * counts first, then the same name in the definition, then words. A file that is gone counts once, but for each new file that
 * has its name: else an unchanged copy would take it from the file that continues it.
 *
 * @param isNew whether the caller knows that a file is a new schema
 */
export async function renamedFiles(
  checked: readonly SchemaFile[],
  { root, now, base }: Comparison,
  numbers: NumberedFiles,
  isNew: (path: string) => boolean,
): Promise<ReadonlyMap<SchemaFile, Renamed>> {
  const renamed = new Map<SchemaFile, Omit<Renamed, 'higher'>>();
  let added: Candidate[] = [];
  for (const file of checked) {
    const path = pathIn(root, file.path);
    if (isNew(file.path) || (await base.read(path)) !== undefined) continue;
    // A file that cannot be read is reported by its check.
    const text = await now.read(path).catch(() => undefined);
    if (text !== undefined) added.push(candidate(path, file, text));
  }
  if (added.length === 0) return new Map();
  const paths = new Set(added.map(({ path }) => path));
  added = added.map((one) => ({ ...one, followsNumbers: hasReleasedLower(one.file) }));
  const isPresent = createIsPresent(root, now);
  const gone: Candidate[] = [];
  const taken = new Set<Candidate>();
  for (const path of (await base.list()).filter(isSchemaPath)) {
    if (await isPresent(path)) continue;
    const text = (await base.read(path)) ?? '';
    const file = schemaFile(path);
    if (file.dataFormat !== 'JSON' || isJsonSchema(text)) gone.push(candidate(path, file, text));
  }

  match(
    (one, other) => (one.text === other.text ? 1 : 0),
    () => 'the same text',
  );
  match(
    (one, other) =>
      one.name !== undefined && one.name === other.name ? 1 + likeness(one.words, other.words) : 0,
    ({ name }) => `the same name, ${name}`,
    () => true,
  );
  match(
    (one, other) => {
      const common = likeness(one.words, other.words);
      return common < enoughWords ? 0 : common;
    },
    () => 'mostly the same words',
    (one, other) => one.file.name === other.file.name,
  );
  const continued = new Set([...renamed.values()].map(({ from }) => from));
  return new Map(
    [...renamed].map(([file, was]) => [file, { ...was, higher: higherThan(was.from) }]),
  );

  /** Pairs what is left, the best pair first; then also with files that have a pair, if they may be shared. */
  function match(
    scoreOf: (one: Candidate, other: Candidate) => number,
    signOf: (one: Candidate) => string,
    mayShare: (one: Candidate, other: Candidate) => boolean = () => false,
  ): void {
    const pairs = added.flatMap((one) =>
      gone
        .filter((other) => canFollow(one, other))
        .map((other) => ({ one, other, score: scoreOf(one, other) }))
        .filter(({ score }) => score > 0),
    );
    // Of equals, a file with the same base name.
    pairs.sort(
      (a, b) =>
        b.score - a.score ||
        Number(b.one.file.name === b.other.file.name) -
          Number(a.one.file.name === a.other.file.name),
    );
    const shared = pairs.filter(({ one, other }) => mayShare(one, other));
    for (const { one, other } of pairs) if (!taken.has(other)) pair(one, other);
    for (const { one, other } of shared) pair(one, other);
    added = added.filter(({ file }) => !renamed.has(file));

    function pair(one: Candidate, other: Candidate): void {
      if (renamed.has(one.file)) return;
      renamed.set(one.file, { from: other.path, sign: signOf(one) });
      taken.add(other);
    }
  }

  /** Empty if a still higher number continues in a file: its comparison has them. */
  function higherThan(from: string): ReadonlySet<string> {
    const higher = gone
      .map(({ path }) => path)
      .filter(
        (path) =>
          withoutVersion(path) === withoutVersion(from) &&
          (versionIn(path) ?? 0) > (versionIn(from) ?? Infinity),
      );
    return new Set(higher.some((path) => continued.has(path)) ? [] : higher);
  }

  function hasReleasedLower(file: SchemaFile): boolean {
    const { version } = file;
    if (version === undefined) return false;
    return numbers
      .versionsOf(file)
      .some((lower) => (lower.version ?? 0) < version && !paths.has(pathIn(root, lower.path)));
  }
}

export function renameNote(
  path: string,
  { from, sign }: Renamed,
  shown: (path: string) => string,
  base: string,
): Note {
  const against = `${shown(from)} in ${base}`;
  const message = `renamed from ${shown(from)} (${sign}), so compared with it; if it is another schema, pass --new ${path}`;
  return { type: 'RENAMED', message, against };
}

function canFollow(one: Candidate, other: Candidate): boolean {
  if (one.file.dataFormat !== other.file.dataFormat) return false;
  return !one.followsNumbers || withoutVersion(one.path) === withoutVersion(other.path);
}

function candidate(path: string, file: SchemaFile, text: string): Candidate {
  return { path, file, text, name: ownNameOf(file.dataFormat, text), words: ownWords(text) };
}
