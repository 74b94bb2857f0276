import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { schemasCommand } from '../index.ts';

/** Runs the command in this process, with its own environment and stdin. */
export async function run(
  args: string[],
  env: Record<string, string> = {},
  stdin: Uint8Array = new Uint8Array(),
) {
  const printed = { stdout: '', stderr: '' };
  const code = await schemasCommand(args, {
    env,
    stdin: (async function* () {
      yield stdin;
    })(),
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    stop: new AbortController().signal,
  });
  return { code, ...printed };
}

export function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'glue-schemas-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A git repository in a folder of its own. */
export function repositoryOf(context: TestContext) {
  const folder = folderOf(context);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  git('init', '--quiet', '--initial-branch=main');
  const path = (name: string) => join(folder, name);
  return {
    folder,
    path,
    write(name: string, text: string) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
    },
    remove: (name: string) => rmSync(path(name)),
    configure: (name: string, value: string) => git('config', name, value),
    /** Lets git write a file again as the last commit has it. */
    restore(name: string) {
      rmSync(path(name), { force: true });
      git('checkout', '--quiet', '--', name);
    },
    commit() {
      git('add', '--all');
      git('commit', '--quiet', '--message', 'a commit');
    },
  };
}
