import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SchemaFileError } from '../read-file.ts';

export interface GitObject {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The objects of a repository, read by one process. */
export type GitObjects = ReturnType<typeof openGitObjects>;

interface Request {
  resolve(object: GitObject | undefined): void;
  reject(error: Error): void;
}

/** Starts `git cat-file --batch` in a folder of the repository. The caller closes it. */
export function openGitObjects(folder: string) {
  const process = spawn('git', ['cat-file', '--batch'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const closed = once(process, 'close').catch(() => undefined);
  const requests: Request[] = [];
  let chunks: Buffer[] = [];
  let received = 0;
  let needed = 1;
  let failure: Error | undefined;
  process.on('error', fail);
  process.on('close', fail);
  // The event 'close' reports the end of the process.
  process.stdin.on('error', () => undefined);
  process.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    received += chunk.length;
    if (received >= needed) readAnswers();
  });

  return {
    /** `undefined` when there is no such object. */
    read(name: string): Promise<GitObject | undefined> {
      return new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        requests.push({ resolve, reject });
        process.stdin.write(`${name}\n`);
      });
    },
    async close(): Promise<void> {
      process.stdin.end();
      await closed;
    },
  };

  /** An answer is `<name> missing`, or `<id> <type> <size>`, and then the bytes, each with a line feed at its end. */
  function readAnswers(): void {
    let rest = Buffer.concat(chunks);
    needed = 1;
    for (;;) {
      const end = rest.indexOf(10);
      if (end < 0) break;
      const [, type = '', size] = rest.toString('utf8', 0, end).split(' ');
      const start = end + 1;
      const length = size === undefined ? 0 : Number(size) + 1;
      if (rest.length < start + length) {
        needed = start + length;
        break;
      }
      const bytes = rest.subarray(start, start + length - 1);
      requests.shift()?.resolve(size === undefined ? undefined : { type, bytes });
      rest = rest.subarray(start + length);
    }
    chunks = [rest];
    received = rest.length;
  }

  function fail(): void {
    failure ??= new SchemaFileError('git cat-file: ended unexpectedly');
    for (const { reject } of requests.splice(0)) reject(failure);
  }
}
