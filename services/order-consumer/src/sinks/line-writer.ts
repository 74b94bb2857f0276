import { fstatSync, write, writeSync } from 'node:fs';
import { SinkClosedError } from './sink.ts';

const fullPipeDelayMs = 5;
const newline = 0x0a;

/**
 * Writes whole lines to a file descriptor; each call must await the one before.
 *
 * Files and terminals take bytes at once. A pipe or socket whose reader stops reading does not: `process.stdout` would
 * block this process on it, its heartbeats and its health answers; here a thread of the pool is blocked instead.
 *
 * @throws SinkClosedError when the reader has gone (EPIPE) or the descriptor is closed; other errors (ENOSPC, EIO) as
 * they are: writing again may help.
 */
export function createLineWriter(descriptor: number): (lines: Buffer) => Promise<void> {
  const writeSome = mayBlock(descriptor) ? writeByThread : writeAtOnce;
  // Invariant: a line torn by a failed write is ended before the next, so that only itself is lost on a reader.
  let torn = false;

  async function writeAll(bytes: Buffer): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      const written = await writeSome(descriptor, bytes, from);
      from += written;
      if (written > 0) torn = bytes[from - 1] !== newline;
    }
  }

  return async (lines) => {
    try {
      if (torn) await writeAll(Buffer.from([newline]));
      await writeAll(lines);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EPIPE' && code !== 'EBADF') throw error;
      throw new SinkClosedError('the reader of standard output has gone', error);
    }
  };
}

function mayBlock(descriptor: number): boolean {
  const status = fstatSync(descriptor);
  return status.isFIFO() || status.isSocket();
}

async function writeAtOnce(descriptor: number, bytes: Buffer, from: number): Promise<number> {
  return writeSync(descriptor, bytes, from);
}

function writeByThread(descriptor: number, bytes: Buffer, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, from, bytes.length - from, null, (error, written) => {
      if (error === null) resolve(written);
      // Another process that shares the pipe made it non-blocking, and it is full.
      else if (error.code === 'EAGAIN') setTimeout(resolve, fullPipeDelayMs, 0);
      else reject(error);
    });
  });
}
