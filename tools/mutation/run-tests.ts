import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stateFolder } from '@order-stream/local-stack/state-folder';
import type { Mutant } from './mutant.ts';

export type Outcome = 'passed' | 'failed' | 'timeout';

const hook = join(import.meta.dirname, 'load-mutant.ts');

/** Runs test files in one process, with the mutant if there is one. Ends at the first failure or at the time limit. */
export function runTests(
  tests: readonly string[],
  { mutant, limitMs, cwd }: { mutant?: Mutant; limitMs: number; cwd: string },
): Promise<Outcome> {
  const flags = ['--import', hook, '--test', '--test-isolation=none', '--test-reporter=tap'];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, [...flags, ...tests], {
    cwd,
    env: {
      // Without the cache, most of the time goes into compiling the same files again.
      NODE_COMPILE_CACHE: join(stateFolder, 'compile-cache'),
      ...env,
      ORDER_STREAM_MUTANT: JSON.stringify(mutant ?? null),
    },
    // A separate process group, so that processes that a test started end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let known: Outcome | undefined;
  const end = (outcome: Outcome) => {
    known ??= outcome;
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The whole group has already ended.
    }
  };
  const timer = setTimeout(end, limitMs, 'timeout');
  // A mutant may run without end: it must not outlive the command.
  const endWithParent = () => end('failed');
  process.once('exit', endWithParent);
  let line = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    line += chunk;
    if (/^\s*not ok /m.test(line)) end('failed');
    line = line.slice(line.lastIndexOf('\n') + 1);
  });
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer);
      process.off('exit', endWithParent);
      const outcome = known ?? (code === 0 ? 'passed' : 'failed');
      end(outcome);
      resolve(outcome);
    });
  });
}
