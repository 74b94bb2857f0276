import { setTimeout as delay } from 'node:timers/promises';
import { createDescriptorWriter } from '@order-stream/standard-streams';
import { SinkClosedError } from './sink.ts';

const firstRetryMs = 1;
const lastRetryMs = 50;
/** A process that stops waits this long for a reader that does not read. Its other steps need the rest of the time. */
const stopWithinMs = 5_000;
const newline = 0x0a;

/**
 * Writes whole lines to a file descriptor. Each call must await the previous one. While the reader does not read, the call
 * waits, and the process goes on. `accepted` is called each time the descriptor has taken some bytes.
 * Once `stopping` is true, the call fails when the descriptor has taken nothing for 5 s.
 *
 * @throws SinkClosedError when the reader is gone (EPIPE) or the descriptor is closed. Other errors (ENOSPC, EIO) are
 * thrown unchanged, because a later write may succeed.
 */
export function createLineWriter(
  descriptor: number,
  stopping: () => boolean,
): (lines: Buffer, accepted: () => void) => Promise<void> {
  const writeSome = createDescriptorWriter(descriptor);
  // Invariant: a line that a failed write left incomplete is terminated before the next one, so that a reader loses only that line.
  let torn = false;
  let fullSince: number | undefined;

  async function writeAll(bytes: Buffer, accepted: () => void): Promise<void> {
    let retryMs = firstRetryMs;
    for (let from = 0; from < bytes.length; ) {
      const written = writeSome(bytes, from);
      if (written === 0) {
        fullSince ??= performance.now();
        if (stopping() && performance.now() - fullSince > stopWithinMs)
          throw new Error('stopping: the reader of standard output does not read');
        await delay(retryMs);
        retryMs = Math.min(retryMs * 2, lastRetryMs);
        continue;
      }
      retryMs = firstRetryMs;
      fullSince = undefined;
      from += written;
      accepted();
      torn = bytes[from - 1] !== newline;
    }
  }

  return async (lines, accepted) => {
    try {
      if (torn) await writeAll(Buffer.from([newline]), accepted);
      await writeAll(lines, accepted);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EPIPE' && code !== 'EBADF') throw error;
      throw new SinkClosedError('the reader of standard output is gone', error);
    }
  };
}
