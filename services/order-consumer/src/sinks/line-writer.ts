import { fstatSync, write, writeSync } from 'node:fs';
import { SinkClosedError } from './sink.ts';

const fullPipeDelayMs = 5;
const newline = 0x0a;

/**
 * Writes whole lines to a file descriptor. Each call must await the previous one.
 *
 * Files and terminals accept bytes immediately. A pipe or socket whose reader stops reading does not: writing with
 * `process.stdout` would block the process, its heartbeats and its health checks. Here a thread of the pool blocks instead.
 *
 * @throws SinkClosedError when the reader is gone (EPIPE) or the descriptor is closed. Other errors (ENOSPC, EIO) are
 * thrown unchanged, because a later write may succeed.
 */
export function createLineWriter(descriptor: number): (lines: Buffer) => Promise<void> {
  const writeSome = mayBlock(descriptor) ? writeByThread : writeAtOnce;
  // Invariant: a line that a failed write left incomplete is terminated before the next one, so that a reader loses only that line.
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
      throw new SinkClosedError('the reader of standard output is gone', error);
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
      // The pipe is full, and another process that shares it made it non-blocking.
      else if (error.code === 'EAGAIN') setTimeout(resolve, fullPipeDelayMs, 0);
      else reject(error);
    });
  });
}
