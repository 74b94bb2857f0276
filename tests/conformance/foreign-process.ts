import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { printExactJson } from '@order-stream/serde';

/** A library of another language in one process, which reads requests and writes answers as lines of JSON, in order. */
export interface ForeignProcess {
  /** Integers beyond 2^53 are bigints in requests and answers. @throws ForeignError if the library threw */
  call<Answer>(request: object): Promise<Answer>;
  close(): Promise<void>;
}

/** The library threw. The message has its exceptions, outermost first. */
export class ForeignError extends Error {}

/** Starts the process. It ends when its stdin ends, also when this process dies. */
export function startForeignProcess(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): ForeignProcess {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting: { resolve(answer: unknown): void; reject(error: Error): void }[] = [];
  const lastLines: string[] = [];
  let ended: Error | undefined;
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > 20) lastLines.shift();
  });
  // Split here, because readline also splits at U+2028 inside strings.
  let partial = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${partial}${text}`.split('\n');
    partial = lines.pop() as string;
    lines.forEach(settle);
  });
  const settle = (line: string) => {
    const { resolve, reject } = waiting.shift() as (typeof waiting)[number];
    try {
      const answer = JSON.parse(line, exactly as never);
      if (typeof answer.error === 'string') reject(new ForeignError(answer.error));
      else resolve(answer);
    } catch {
      reject(new Error(`${command}: expected JSON, got: ${line.slice(0, 200)}`));
    }
  };
  const end = (why: string) => {
    ended ??= new Error(`${command} ${why}\n${lastLines.join('\n')}`);
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  child.once('error', (error) => end(`cannot run (${error.message})`));
  // The `close` event reports a write after the process's end.
  child.stdin.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      end(`ended (${signal ?? code})`);
      resolve();
    });
  });

  return {
    call(request) {
      if (ended !== undefined) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve: resolve as (answer: unknown) => void, reject });
        child.stdin.write(`${printExactJson(request)}\n`);
      });
    },
    close() {
      child.stdin.end();
      return closed;
    },
  };
}

function exactly(_key: string, value: unknown, { source }: { source: string }): unknown {
  return typeof value === 'number' ? BigInt(source) : value;
}
