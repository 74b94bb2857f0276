import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { withSlashes } from '../file-tree.ts';
import { SchemaFileError } from '../read-file.ts';
import { openGitObjects } from './git-objects.ts';

const run = promisify(execFile);

/** A commit, and the indexes of its parents in the list that has it. */
export interface Commit {
  readonly id: string;
  readonly parents: readonly number[];
}

export type GitRepository = Awaited<ReturnType<typeof openRepository>>;

/**
 * The repository of a folder, with one commit of it. The caller closes it.
 *
 * @param base a commit, such as `HEAD` or `origin/main`
 * @throws SchemaFileError no git, no repository, or no such commit
 */
export async function openRepository(base: string, folder: string) {
  const top = await topOf(folder);
  const commit = await commitOf(base, folder);
  const objects = openGitObjects(folder);

  return {
    base,
    commit,
    objects,
    close: () => objects.close(),
    /** The path of a folder in the repository, with slashes; '' is its top. */
    pathOf: (of: string) => withSlashes(relative(top, realpathSync(of))),
    /** The same without following symbolic links in the repository; `undefined` if the path does not begin in it. */
    namedPathOf(of: string): string | undefined {
      const above = foldersAbove(of).findLast((folder) => realpathSync(folder) === top);
      return above === undefined ? undefined : withSlashes(relative(above, resolve(of)));
    },
    /**
     * The commits up to the base that changed a file of a folder of the repository, or one at a path from this folder, each
     * after its parents. Parents are the nearest ones that did so too. The base itself is always the last one.
     */
    async commitsOf(root: string, outside: readonly string[]): Promise<Commit[]> {
      const order = ['--topo-order', '--reverse', '--parents'];
      const paths = [root, ...outside.map((path) => posix.join(root, path))];
      const where = paths
        .filter((path) => !path.startsWith('..'))
        .map((path) => (path === '' ? ':/' : `:(top,literal)${path}`));
      const list = await git(folder, 'rev-list', ...order, commit, '--', ...where);
      const lines = list.split('\n').filter(Boolean);
      const rows = lines.map((line) => line.split(' '));
      const indexes = new Map(rows.map(([id = ''], index) => [id, index]));
      const commits = rows.map(([id = '', ...parents]) => ({
        id,
        // A shallow clone does not have every parent.
        parents: parents.flatMap((parent) => indexes.get(parent) ?? []),
      }));
      const last = commits.length - 1;
      const isComplete = commits[last]?.id === commit;
      return isComplete ? commits : [...commits, { id: commit, parents: last < 0 ? [] : [last] }];
    },
  };
}

/** The nearest folder that holds a repository, without asking git: which repositories are the same. */
export function repositoryKey(folder: string): string {
  const start = realpathSync(folder);
  return foldersAbove(start).find(holdsRepository) ?? start;
}

/**
 * Whether a path leads through a symbolic link in a repository, or into a repository that is in another one. The outer
 * repository does not have the file at this path.
 */
export function isElsewhere(path: string): boolean {
  const folder = dirname(resolve(path));
  const outer = foldersAbove(folder).findLast(holdsRepository);
  if (outer === undefined) return false;
  const top = realpathSync(outer);
  return (
    repositoryKey(folder) !== top || realpathSync(folder) !== join(top, relative(outer, folder))
  );
}

function holdsRepository(folder: string): boolean {
  return existsSync(join(folder, '.git'));
}

/** The folder and those around it, the nearest first. Symbolic links are not followed. */
function foldersAbove(folder: string): string[] {
  const found = [resolve(folder)];
  for (let at = found[0] ?? ''; dirname(at) !== at; at = dirname(at)) found.push(dirname(at));
  return found;
}

const instead = 'pass the earlier file with --against FILE';

async function topOf(folder: string): Promise<string> {
  try {
    return (await git(folder, 'rev-parse', '--show-toplevel')).replace(/\n$/, '');
  } catch (error) {
    throw new SchemaFileError(`${(error as Error).message}; ${instead}`);
  }
}

async function commitOf(base: string, folder: string): Promise<string> {
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
    const { stdout } = await run('git', args, { cwd: folder, maxBuffer: 2 ** 30 });
    return stdout;
  } catch (error) {
    const { code, stderr, message } = error as Error & { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw new SchemaFileError('git: no such command');
    throw new SchemaFileError(`git ${args[0]}: ${(stderr || message).trim().split('\n')[0]}`);
  }
}
