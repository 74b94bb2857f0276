import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

/** A copy of the working tree that shares the installed dependencies and nothing else. */
export function copyTree() {
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-change-'));
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  // Git lists a deleted file until the deletion is staged.
  const files = listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
  for (const path of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path), { force: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const path of files.filter((file) => file.endsWith('/package.json'))) {
    const modules = join(dirname(path), 'node_modules');
    // A folder outside of the workspace has no links to the copy's packages.
    if (files.includes(join(dirname(path), 'pnpm-lock.yaml'))) {
      if (existsSync(join(root, modules))) symlinkSync(join(root, modules), join(folder, modules));
      continue;
    }
    // pnpm's links are relative, so in the copy they lead to the copy's packages.
    try {
      cpSync(join(root, modules), join(folder, modules), {
        recursive: true,
        verbatimSymlinks: true,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  // The merge gate compares with the last commit.
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
  git('init');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '--message=start');
  const read = (path: string) => readFileSync(join(folder, path), 'utf8');
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  return {
    /** The absolute path of a file or a folder of the copy. */
    path: (path: string) => join(folder, path),
    read,
    write,
    /** Replaces the one occurrence of `before`. @throws when there is none or several */
    replace(path: string, before: string, after: string): void {
      const parts = read(path).split(before);
      if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times: ${before}`);
      write(path, parts.join(after));
    },
    /** Runs a script with the project's Node in the copy. */
    run(args: readonly string[], env = process.env) {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: folder,
        // Otherwise the copy's reports would replace those of this tree.
        env: { ...env, ORDER_STREAM_STATE: undefined },
        encoding: 'utf8',
      });
      return { status, output: `${stdout}${stderr}` };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
