import { spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { StackFault } from './stack-fault.ts';

export type Stream = 'stdout' | 'stderr';

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export type Child = Awaited<ReturnType<typeof startChild>>;

interface ChildOptions {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  onLine?: (line: string, stream: Stream) => void;
  /** Reads stdout no faster than this. Asked again for each line. Default: as fast as the lines come. */
  stdoutLinesPerSecond?: () => number;
  /** The signal that the child gets if this process exits first. Default: SIGKILL. */
  atOurExit?: NodeJS.Signals;
}

const keptLines = 400;

/** Invariant: no child outlives this process, except after a SIGKILL. */
const alive = new Map<{ kill(signal: NodeJS.Signals): void }, NodeJS.Signals>();
process.once('exit', () => {
  for (const [child, signal] of alive) child.kill(signal);
});

export async function startChild(options: ChildOptions) {
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
    const reader = createInterface({ input: child[stream] });
    const pace = stream === 'stdout' ? options.stdoutLinesPerSecond : undefined;
    if (pace !== undefined) readSlowly(reader, pace);
    reader.on('line', (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      onLine?.(line, stream);
      for (const watcher of watchers) watcher(line);
    });
  }
  let exit: ChildExit | undefined;
  // 'close' comes after the last line, 'exit' may come before it.
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const kill = (signal: NodeJS.Signals) => {
    if (exit === undefined) child.kill(signal);
  };
  const handle = {
    name,
    pid,
    exited,
    running: () => exit === undefined,
    /** The newest lines of both streams. They show why the process died. */
    lastLines: () => [...lines],
    kill,
    /** Resolves with the first matching line, past or future. Rejects when the child ends or the timeout expires. */
    waitForLine(pattern: RegExp, timeoutMs: number): Promise<string> {
      const seen = lines.find((line) => pattern.test(line));
      if (seen !== undefined) return Promise.resolve(seen);
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const timer = setTimeout(
        () =>
          reject(new StackFault(`${name}: expected a line like ${pattern} within ${timeoutMs} ms`)),
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
    /** Sends SIGTERM, and SIGKILL if the child has not ended after the timeout. */
    async stop(timeoutMs = 30_000): Promise<ChildExit> {
      kill('SIGTERM');
      // A process that SIGSTOP suspended handles SIGTERM only after SIGCONT.
      kill('SIGCONT');
      const timer = setTimeout(() => kill('SIGKILL'), timeoutMs);
      return exited.finally(() => clearTimeout(timer));
    },
  };
  alive.set(handle, options.atOurExit ?? 'SIGKILL');
  exited.then(() => alive.delete(handle));
  return handle;
}

/** Pauses the reader after each line that came too early. Lines that were read already still arrive. */
function readSlowly(reader: Interface, linesPerSecond: () => number): void {
  let dueMs = performance.now();
  let isWaiting = false;
  let isClosed = false;
  reader.once('close', () => {
    isClosed = true;
  });
  const resume = () => {
    if (isClosed) return;
    const restMs = dueMs - performance.now();
    if (restMs > 0 && linesPerSecond() !== Number.POSITIVE_INFINITY) {
      setTimeout(resume, Math.min(restMs, 100));
      return;
    }
    isWaiting = false;
    reader.resume();
  };
  reader.on('line', () => {
    dueMs = Math.max(dueMs, performance.now() - 100) + 1_000 / linesPerSecond();
    if (isWaiting || dueMs <= performance.now()) return;
    isWaiting = true;
    reader.pause();
    resume();
  });
}
