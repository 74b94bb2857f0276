import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathsUnder } from './file-tree.ts';
import { isFolder } from './read-file.ts';
import { inOrder, isSchemaPath, type SchemaFile, schemaFile } from './schema-file.ts';

/** Files that are checked together: names and import paths are looked up in the same root. */
export interface AskedFiles {
  /** A folder, without symbolic links. */
  readonly root: string;
  /** Ordered by folder, name and version. */
  readonly files: readonly SchemaFile[];
  /** The folders that were named, all files of which are checked. */
  readonly folders: readonly string[];
}

/**
 * The schema files among the paths, and in the folders among them and their subfolders.
 *
 * @param root default: a folder itself, and the folder of a file
 * @throws SchemaFileError
 */
export function askedFiles(paths: readonly string[], root?: string): AskedFiles[] {
  const groups = new Map<string, { files: string[]; folders: string[] }>();
  const known = new Set<string>();
  for (const path of paths) {
    const folder = isFolder(path) ? path : undefined;
    const found = folder === undefined ? [schemaFile(path).path] : schemaPathsUnder(folder);
    const key = realpathSync(root ?? folder ?? dirname(path));
    const group = groups.get(key) ?? { files: [], folders: [] };
    groups.set(key, group);
    if (folder !== undefined) group.folders.push(folder);
    for (const file of found) {
      // A file that was named twice is checked once.
      if (known.has(resolve(file))) continue;
      known.add(resolve(file));
      group.files.push(file);
    }
  }
  return [...groups].map(([key, { files, folders }]) => {
    return { root: key, files: inOrder(files), folders };
  });
}

function schemaPathsUnder(folder: string): string[] {
  const paths = pathsUnder(folder, (error) => {
    throw error;
  });
  return paths.filter(isSchemaPath).map((path) => join(folder, path));
}
