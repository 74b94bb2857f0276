import { dirname, join } from 'node:path';
import { workingTree } from '../file-tree.ts';
import { repositoryKey } from '../history/git-repository.ts';
import { isMissing } from '../read-file.ts';

/**
 * Tells whether a path of a folder still is a file of the folder's repository. A file behind a link that is now in the place
 * of a subfolder is not, nor one of another repository: these would not be compared with the file of the base.
 */
export function createIsPresent(
  folder: string,
  now = workingTree(folder),
): (path: string) => Promise<boolean> {
  const key = repositoryKey(folder);
  const keys = new Map<string, string>();
  let listed: Promise<ReadonlySet<string>> | undefined;

  return async (path) => {
    const file = join(folder, path);
    if (isMissing(file)) return false;
    listed ??= now.list().then((paths) => new Set(paths));
    if (!(await listed).has(path)) return false;
    const parent = dirname(file);
    const own = keys.get(parent) ?? repositoryKey(parent);
    keys.set(parent, own);
    return own === key;
  };
}
