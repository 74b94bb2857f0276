import type { DataFormat, SchemaText } from '@order-stream/serde';
import type { EarlierVersion } from '../compatibility-check.ts';
import { areSame } from '../history/schema-history.ts';
import { type SchemaFile, versionIn, withoutVersion } from '../schema-file.ts';
import { type Comparison, pathIn } from './comparison.ts';
import { readReleased, rereadable } from './files-now.ts';

/** The file that a renamed one was in the base. */
export interface OldName {
  /** In the root. */
  readonly path: string;
  /** The path of a file of the root as messages show it. */
  readonly shown: (path: string) => string;
  /** Of a file without a number, oldest first. */
  readonly texts: readonly SchemaText[];
  /** Paths of higher numbers that count too. */
  readonly higher: ReadonlySet<string>;
}

/**
 * The earlier versions of a renamed file, oldest first: its own, and those of its old name up to the old number, and higher ones
 * that continue in no other file. A file that
 * is as the base has it under the old name is compared with that text only, if the base was chosen.
 *
 * @param own lower numbers, or texts of a file that had the new name before
 */
export async function withOldName(
  file: SchemaFile,
  now: SchemaText,
  own: readonly EarlierVersion[],
  old: OldName,
  comparison: Comparison,
): Promise<readonly EarlierVersion[]> {
  const number = versionIn(old.path);
  const { root, repository, readNow, acceptsBase } = comparison;
  const { dataFormat } = file;
  const before: readonly EarlierVersion[] =
    number === undefined
      ? old.texts.map((text, i, { length }) => {
          const label = `${old.shown(old.path)} in ${repository.base}, text ${i + 1} of ${length}`;
          return rereadable({ label, ...text }, { path: old.path, dataFormat }, readNow);
        })
      : await oldNumbers(dataFormat, number, old, comparison);
  const last = before.at(-1);
  if (acceptsBase && last && areSame(last, now)) return [last];
  if (withoutVersion(old.path) !== withoutVersion(pathIn(root, file.path)))
    return [...own, ...before];
  // Numbers of one name, some of which are gone: those that are not count as they are now.
  const known = new Set(own.map((version) => version.number));
  return [...own, ...before.filter((version) => !known.has(version.number))].sort(
    (a, b) => (a.number ?? 0) - (b.number ?? 0),
  );
}

/** The numbers of the old name that the base has. */
async function oldNumbers(
  dataFormat: DataFormat,
  newest: number,
  { path: from, shown, higher }: OldName,
  { base, repository, readBase, readNow }: Comparison,
): Promise<EarlierVersion[]> {
  const numbered = (await base.list())
    .filter((path) => withoutVersion(path) === withoutVersion(from))
    .map((path) => ({ path, number: versionIn(path) }))
    .filter(({ path, number = Infinity }) => number <= newest || higher.has(path))
    .sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
  const found: EarlierVersion[] = [];
  for (const { path, number } of numbered) {
    const definition = (await base.read(path)) ?? '';
    const label = `${shown(path)} in ${repository.base}`;
    const released = { path, dataFormat, definition };
    const schema = await readReleased(released, readBase);
    found.push(rereadable({ label, number, ...schema }, released, readNow));
  }
  return found;
}
