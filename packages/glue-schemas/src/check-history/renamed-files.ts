import { isSchemaPath, type SchemaFile, schemaFile, withoutVersion } from '../schema-file.ts';
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
 * counts first, then the same name in the definition, then words. Each file that is gone is used once.
 *
 * @param isNew whether the caller knows that a file is a new schema
 */
export async function renamedFiles(
  checked: readonly SchemaFile[],
  { root, now, base }: Comparison,
  numbers: NumberedFiles,
  isNew: (path: string) => boolean,
): Promise<ReadonlyMap<SchemaFile, Renamed>> {
  const renamed = new Map<SchemaFile, Renamed>();
  let added: Candidate[] = [];
  for (const file of checked) {
    const path = pathIn(root, file.path);
    if (isNew(file.path) || (await base.read(path)) !== undefined) continue;
    // A file that cannot be read is reported by its check.
    const text = await now.read(path).catch(() => undefined);
    if (text !== undefined) added.push(candidate(path, file, text));
  }
  if (added.length === 0) return renamed;
  const paths = new Set(added.map(({ path }) => path));
  added = added.map((one) => ({ ...one, followsNumbers: hasReleasedLower(one.file) }));
  const isPresent = createIsPresent(root, now);
  let gone: Candidate[] = [];
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
  );
  match(
    (one, other) => {
      const common = likeness(one.words, other.words);
      return common < enoughWords ? 0 : common;
    },
    () => 'mostly the same words',
  );
  return renamed;

  /** Pairs what is left, the best pair first. */
  function match(
    scoreOf: (one: Candidate, other: Candidate) => number,
    signOf: (one: Candidate) => string,
  ): void {
    const pairs = added.flatMap((one) =>
      gone
        .filter((other) => canFollow(one, other))
        .map((other) => ({ one, other, score: scoreOf(one, other) }))
        .filter(({ score }) => score > 0),
    );
    // Of equals, a file with the same base name or the newest number.
    pairs.sort(
      (a, b) =>
        b.score - a.score ||
        Number(b.one.file.name === b.other.file.name) -
          Number(a.one.file.name === a.other.file.name) ||
        (b.other.file.version ?? 0) - (a.other.file.version ?? 0),
    );
    for (const { one, other } of pairs) {
      if (renamed.has(one.file) || !gone.includes(other)) continue;
      renamed.set(one.file, { from: other.path, sign: signOf(one) });
      gone = gone.filter((left) => left !== other);
    }
    added = added.filter(({ file }) => !renamed.has(file));
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
