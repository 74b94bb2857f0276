import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { isMissing, textOf } from './read-file.ts';
import { versionIn, withoutVersion } from './schema-file.ts';

/** The files of a folder as they are, or as a commit has them. Paths are relative to the folder, with slashes. */
export interface FileTree {
  /** `undefined` when there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Every file in the folder and its subfolders, without hidden folders and `node_modules`. */
  list(): Promise<readonly string[]>;
}

/** The files of a folder as they are. */
export function workingTree(root: string): FileTree {
  let names: readonly string[] | undefined;
  return {
    read: async (path) => {
      const file = join(root, path);
      return isMissing(file) ? undefined : textOf(file);
    },
    list: async () => {
      names ??= namesUnder(root);
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

/** The file itself, or the newest of its versions: `money.v2.json` stands for `money.json`. */
export async function newestOf(tree: FileTree, path: string): Promise<string | undefined> {
  if ((await tree.read(path)) !== undefined) return path;
  const versions = (await tree.list()).filter(
    (other) => other !== path && withoutVersion(other) === path,
  );
  return versions.sort((a, b) => (versionIn(a) ?? 0) - (versionIn(b) ?? 0)).at(-1);
}

function namesUnder(root: string, folder = ''): string[] {
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(join(root, folder));
  } catch {
    // A subfolder that cannot be read holds no file that can be used.
    return [];
  }
  return entries.flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return isListed(`${path}/`) ? namesUnder(root, path) : [];
  });
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

/** A path with slashes, on every system. */
export function withSlashes(path: string): string {
  return path.split(sep).join('/');
}
