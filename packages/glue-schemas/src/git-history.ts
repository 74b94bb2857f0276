import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { SchemaFileError } from './schema-file.ts';

const run = promisify(execFile);

export type GitHistory = Awaited<ReturnType<typeof gitHistory>>;

/**
 * Files in the history of one commit.
 * @param base a commit, such as `HEAD` or `origin/main`
 * @throws SchemaFileError no git, no repository, or no such commit
 */
export async function gitHistory(base: string, folder: string) {
  // A commit whose name begins with a dash must not be read as a flag.
  const named = ['rev-parse', '--verify', '--end-of-options', `${base}^{commit}`];
  const answer = await git(folder, ...named).catch((error: Error) => {
    throw new SchemaFileError(
      `${error.message} (outside a repository, pass the earlier file with --against FILE)`,
    );
  });
  const commit = answer.trim();

  async function textAt(at: string, path: string): Promise<string | undefined> {
    const name = `${at}:./${basename(path)}`;
    try {
      return await git(dirname(path), 'cat-file', 'blob', name);
    } catch {
      // The commit deletes the file or never had it.
      return undefined;
    }
  }

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
    /** Names of the files in the folder. */
    async namesIn(of: string) {
      const names = await git(of, 'ls-tree', '--name-only', commit);
      return names.split('\n').filter(Boolean);
    },
  };
}

async function git(folder: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await run('git', args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new SchemaFileError(`git ${args[0]}: ${(stderr || message).trim().split('\n')[0]}`);
  }
}
