import { dirname, join, resolve } from 'node:path';
import { type FileTree, workingTree } from '../file-tree.ts';
import { inOrder, isSchemaPath, type SchemaFile } from '../schema-file.ts';
import type { Verdict } from '../verdict.ts';
import { createJsonSchemaFiles } from './json-schema-files.ts';
import { createIsPresent } from './present-files.ts';

interface Released {
  /** The name of the commit. */
  readonly base: string;
  /** The files of a folder in this commit. */
  readonly releasedIn: (folder: string) => FileTree;
  /** The files at the path of a folder in this commit, if a link leads from this path to the folder now. */
  readonly replacedIn: (folder: string) => FileTree | undefined;
  /** Paths of files that were removed on purpose. */
  readonly removed: readonly string[];
}

/**
 * The schema files that the base has and that are gone: all those of the folders, and the numbered ones with the names of
 * the checked files. Behind a link that is now in the place of a released folder, no released file counts as present.
 */
export async function removedFiles(
  checked: readonly SchemaFile[],
  folders: readonly string[],
  { base: against, releasedIn, replacedIn, removed }: Released,
): Promise<Verdict[]> {
  const accepted = new Set(removed.map((path) => resolve(path)));
  const found = new Map<string, string>();
  for (const folder of folders) await addRemoved(folder, () => true);
  const names = new Set(checked.map(nameOf));
  const paths = new Set(checked.map(({ path }) => join(path)));
  for (const folder of new Set(checked.map(({ path }) => dirname(path))))
    await addRemoved(folder, (file) => file.version !== undefined && names.has(nameOf(file)));

  return inOrder([...found.values()]).map(({ path: file }) => {
    const message = `the file is released and records may have been written with it: restore it, or pass --removed ${file}`;
    const problems = [{ type: 'REMOVED_AFTER_RELEASE', message, against }];
    return { file, mode: 'NONE', against: [against], problems, warnings: [], notes: [] };
  });

  async function addRemoved(folder: string, counts: (file: SchemaFile) => boolean) {
    const now = workingTree(folder);
    await addMissing(folder, [releasedIn(folder), now], createIsPresent(folder, now), counts);
    const replaced = replacedIn(folder);
    const countsHere = (file: SchemaFile) => counts(file) || paths.has(file.path);
    if (replaced) await addMissing(folder, [replaced], async () => false, countsHere);
  }

  async function addMissing(
    folder: string,
    [tree, ...others]: readonly [FileTree, ...FileTree[]],
    isPresent: (path: string) => Promise<boolean>,
    counts: (file: SchemaFile) => boolean,
  ) {
    const isSchemaAt = createJsonSchemaFiles([tree, ...others]);
    const paths = (await tree.list()).filter(isSchemaPath);
    for (const path of paths) {
      const [file] = inOrder([join(folder, path)]);
      if (!file || !counts(file) || (await isPresent(path))) continue;
      const isSchema = file.dataFormat !== 'JSON' || (await isSchemaAt(path));
      if (isSchema && !accepted.has(resolve(file.path))) found.set(resolve(file.path), file.path);
    }
  }
}

/** The folder and the name without its number. */
function nameOf({ path, name, dataFormat }: SchemaFile): string {
  return join(dirname(path), `${name} ${dataFormat}`);
}
