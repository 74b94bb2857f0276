import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import { root } from './state-folder.ts';
import { until } from './until.ts';

export interface ServiceProcess {
  pid: number;
  exited: Child['exited'];
  stdout(): string[];
  stderr(): string[];
  /** Resolves with the first stdout or stderr line, past or future, that matches. */
  waitForLine: Child['waitForLine'];
  /** Sends SIGTERM. Resolves with the exit. */
  stop: Child['stop'];
  /** Sends any signal, SIGKILL by default. Returns at once; `exited` resolves when the process has ended. */
  kill(signal?: NodeJS.Signals): void;
}

interface ServiceOptions {
  /** Entry point, from the repository's root: `services/order-producer/src/main.ts`. */
  main: string;
  args?: string[];
  /** The whole environment except PATH and HOME, so that a developer's variables do not change a test. */
  env: Record<string, string>;
  /** A `/readyz` URL that must answer 200 within `readyTimeoutMs` (60 s). */
  readyUrl?: string;
  readyTimeoutMs?: number;
}

/** Starts a service in its own process, which ends with the test process at the latest. */
export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  const { main, args = [], env, readyUrl, readyTimeoutMs = 60_000 } = options;
  const lines: Record<'stdout' | 'stderr', string[]> = { stdout: [], stderr: [] };
  const { PATH, HOME } = process.env;
  const child = await startChild({
    name: main,
    command: process.execPath,
    args: [join(root, main), ...args],
    cwd: root,
    env: { PATH, HOME, ...env },
    onLine: (line, stream) => lines[stream].push(line),
  });
  const service: ServiceProcess = {
    pid: child.pid,
    exited: child.exited,
    stdout: () => [...lines.stdout],
    stderr: () => [...lines.stderr],
    waitForLine: child.waitForLine,
    stop: child.stop,
    kill: (signal = 'SIGKILL') => child.kill(signal),
  };
  if (readyUrl === undefined) return service;
  try {
    await until(
      `${main} is ready`,
      async () => {
        if (!child.running()) return 'ended';
        return (await fetch(readyUrl)).ok && 'ready';
      },
      readyTimeoutMs,
    );
    if (!child.running()) throw new Error(`${main} ended before it was ready`);
  } catch (error) {
    await child.stop(5_000);
    throw new Error(`${main} did not become ready:\n${lines.stderr.slice(-30).join('\n')}`, {
      cause: error,
    });
  }
  return service;
}
