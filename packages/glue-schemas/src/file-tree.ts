import { join, sep } from 'node:path';
import { entriesIn, isMissing, textOf } from './read-file.ts';

/** The files of a folder as they are, or as a commit has them. Paths are relative to the folder, with slashes. */
export interface FileTree {
  /** `undefined` when there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Every file in the folder and its subfolders, without hidden folders and `node_modules`. */
  list(): Promise<readonly string[]>;
}

/**
 * The files of a folder as they are. Each is read once.
 *
 * @param readText the text of a file; throws SchemaFileError
 */
export function workingTree(root: string, readText = textOf): FileTree {
  let names: readonly string[] | undefined;
  const texts = new Map<string, string | undefined>();
  return {
    read: async (path) => {
      if (texts.has(path)) return texts.get(path);
      const file = join(root, path);
      const text = isMissing(file) ? undefined : readText(file);
      texts.set(path, text);
      return text;
    },
    list: async () => {
      // A folder that cannot be read holds no file that can be used.
      names ??= pathsUnder(root, () => undefined);
      return names;
    },
  };
}

export function isListed(path: string): boolean {
  return !path
    .split('/')
    .slice(0, -1)
    .some((folder) => folder.startsWith('.') || folder === 'node_modules');
}

/**
 * The paths of the files in a folder and its subfolders, without hidden folders and `node_modules`.
 *
 * @param onFault called for a folder that cannot be read; throws, or leaves the folder out
 */
export function pathsUnder(root: string, onFault: (error: Error) => void): string[] {
  return visit('');

  function visit(folder: string): string[] {
    let entries: ReturnType<typeof entriesIn> = [];
    try {
      entries = entriesIn(join(root, folder));
    } catch (error) {
      onFault(error as Error);
    }
    return entries.flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (!entry.isDirectory()) return [path];
      return isListed(`${path}/`) ? visit(path) : [];
    });
  }
}

/** A path with slashes, on every system. */
export function withSlashes(path: string): string {
  return path.split(sep).join('/');
}
