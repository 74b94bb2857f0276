import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { StackFault } from './stack-fault.ts';

export type Stream = 'stdout' | 'stderr';

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  name: string;
  pid: number;
  exited: Promise<ChildExit>;
  running(): boolean;
  /** The newest lines of both streams, for telling why it died. */
  lastLines(): string[];
  /** Resolves with the first line, past or future, that matches; rejects when the child ends or the time is over. */
  waitForLine(pattern: RegExp, timeoutMs: number): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL when the child has not ended in time. */
  stop(timeoutMs?: number): Promise<ChildExit>;
}

interface ChildOptions {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  onLine?: (line: string, stream: Stream) => void;
  /** What it is sent when this process exits before it; SIGKILL by default. */
  atOurExit?: NodeJS.Signals;
}

const keptLines = 400;

/** Invariant: no child outlives this process, unless this process is killed. */
const alive = new Map<Child, NodeJS.Signals>();
process.once('exit', () => {
  for (const [child, signal] of alive) child.kill(signal);
});

export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, command, args, env = process.env, cwd, onLine } = options;
  const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(new StackFault(`${name}: cannot run ${command} (${error.message})`)),
    );
  });
  const pid = child.pid as number;
  const lines: string[] = [];
  const watchers = new Set<(line: string) => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[stream] }).on('line', (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      onLine?.(line, stream);
      for (const watcher of watchers) watcher(line);
    });
  }
  let exit: ChildExit | undefined;
  // 'close' and not 'exit': by then every line has been read.
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const kill = (signal: NodeJS.Signals) => {
    if (exit === undefined) child.kill(signal);
  };
  const handle: Child = {
    name,
    pid,
    exited,
    running: () => exit === undefined,
    lastLines: () => [...lines],
    kill,
    waitForLine(pattern, timeoutMs) {
      const seen = lines.find((line) => pattern.test(line));
      if (seen !== undefined) return Promise.resolve(seen);
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const timer = setTimeout(
        () => reject(new StackFault(`${name}: no line like ${pattern} within ${timeoutMs} ms`)),
        timeoutMs,
      );
      const watcher = (line: string) => pattern.test(line) && resolve(line);
      watchers.add(watcher);
      exited.then(() =>
        reject(new StackFault(`${name} ended early\n${lines.slice(-20).join('\n')}`)),
      );
      return promise.finally(() => {
        clearTimeout(timer);
        watchers.delete(watcher);
      });
    },
    async stop(timeoutMs = 30_000) {
      kill('SIGTERM');
      // A stopped (SIGSTOP) process would not see SIGTERM before it goes on.
      kill('SIGCONT');
      const timer = setTimeout(() => kill('SIGKILL'), timeoutMs);
      return exited.finally(() => clearTimeout(timer));
    },
  };
  alive.set(handle, options.atOurExit ?? 'SIGKILL');
  exited.then(() => alive.delete(handle));
  return handle;
}
