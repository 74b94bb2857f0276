import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { type FileTree, isListed } from './file-tree.ts';
import { SchemaFileError } from './read-file.ts';

const run = promisify(execFile);

export type GitHistory = Awaited<ReturnType<typeof gitHistory>>;

/**
 * Files in the history of one commit.
 * @param base a commit, such as `HEAD` or `origin/main`
 * @throws SchemaFileError no git, no repository, or no such commit
 */
export async function gitHistory(base: string, folder: string) {
  const commit = await commitOf(base, folder);

  const textAt = (at: string, path: string) => fileText(at, dirname(path), basename(path));

  return {
    base,
    /** `undefined` when the commit has no such file. */
    textOf: (path: string) => textAt(commit, path),
    /** The file's texts, oldest first, without repeats in a row. Empty when the history does not have the file. */
    async textsOf(path: string) {
      const command = ['log', '--format=%H', '--reverse', commit, '--', basename(path)];
      const log = await git(dirname(path), ...command);
      const texts: string[] = [];
      for (const at of log.split('\n').filter(Boolean)) {
        const text = await textAt(at, path);
        if (text !== undefined && text !== texts.at(-1)) texts.push(text);
      }
      return texts;
    },
    /** The files of a folder as the base has them. */
    treeOf: (root: string) => commitTree(commit, root),
    /** The files of a folder at each commit that changed a file there, or one of these, the oldest first. */
    async treesOf(root: string, paths: Iterable<string>) {
      const command = ['log', '--format=%H', '--reverse', commit, '--', '.', ...paths];
      const log = await git(root, ...command);
      return log
        .split('\n')
        .filter(Boolean)
        .map((at) => commitTree(at, root));
    },
    /** Names of the files in the folder. */
    async namesIn(of: string) {
      const names = await git(of, 'ls-tree', '--name-only', '-z', commit);
      return names.split('\0').filter(Boolean);
    },
  };
}

/** `undefined` when the commit deletes the file or never had it. A byte order mark is not part of the text. */
async function fileText(at: string, folder: string, path: string): Promise<string | undefined> {
  try {
    return (await git(folder, 'cat-file', 'blob', `${at}:./${path}`)).replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}

/** The files of a folder in a commit. */
function commitTree(commit: string, root: string): FileTree {
  let names: Promise<readonly string[]> | undefined;
  return {
    read: (path) => fileText(commit, root, path),
    list: () => {
      names ??= git(root, 'ls-tree', '-r', '--name-only', '-z', commit)
        .then((list) => list.split('\0').filter((path) => path !== '' && isListed(path)))
        .catch(() => []);
      return names;
    },
  };
}

async function commitOf(base: string, folder: string): Promise<string> {
  const instead = 'pass the earlier file with --against FILE';
  // Fails outside a repository, and where there is no git.
  await git(folder, 'rev-parse', '--git-dir').catch(({ message }: Error) => {
    throw new SchemaFileError(`${message}; ${instead}`);
  });
  try {
    // A commit whose name begins with a dash must not be read as a flag.
    const named = ['rev-parse', '--verify', '--end-of-options', `${base}^{commit}`];
    return (await git(folder, ...named)).trim();
  } catch {
    throw new SchemaFileError(`--base ${base}: ${folder} has no such commit; ${instead}`);
  }
}

async function git(folder: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await run('git', args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { code, stderr, message } = error as Error & { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw new SchemaFileError('git: no such command');
    throw new SchemaFileError(`git ${args[0]}: ${(stderr || message).trim().split('\n')[0]}`);
  }
}
