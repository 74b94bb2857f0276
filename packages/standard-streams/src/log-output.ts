import { fstatSync } from 'node:fs';
import { createDescriptorWriter, type WriteSome } from './descriptor-writer.ts';

/** Two thousand lines of common length. */
const defaultMaxBytes = 512 * 1024;
const firstRetryMs = 5;
const lastRetryMs = 100;
const retryAfterErrorMs = 1_000;
/** The process ends no later than this after its last step, even if the reader stopped reading. */
const flushWithinMs = 500;

/** An entry of the queue: a line, or the report of lines that were lost. */
interface Entry {
  readonly bytes: Buffer;
  readonly lostLines: number;
}

export type LogOutput = ReturnType<typeof createLogOutput>;

/**
 * Writes log lines to a descriptor. `write` neither waits nor throws: lines that the reader has not taken wait in a queue
 * of at most `maxBytes`. A line that does not fit, or whose write fails, is lost and counted. One line reports the loss
 * as soon as writing succeeds again.
 *
 * Invariant: a line that was begun is completed before the next one, and is written at once if the pipe has room for it.
 */
export function createLogOutput(descriptor: number, { maxBytes = defaultMaxBytes } = {}) {
  let writeSome: WriteSome | undefined;
  let queue: Entry[] = [];
  let queuedBytes = 0;
  /** Bytes of the first entry that were accepted already. */
  let begun = 0;
  let lost = 0;
  let unreported = 0;
  let lossReason = '';
  /** The code of the last write's error. */
  let fault: string | undefined;
  let sizeAtFault = 0;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = firstRetryMs;
  let lossLine = (lines: number, reason: string) => `${lines} log lines were lost: ${reason}\n`;

  function write(text: string): void {
    const bytes = Buffer.from(text);
    if (queuedBytes + bytes.length > maxBytes) {
      lost += 1;
      unreported += 1;
      lossReason = fault ?? 'the reader was too slow';
      return;
    }
    // The report has the place of the lost lines.
    if (unreported > 0) pushReport();
    push({ bytes, lostLines: 0 });
    if (retry === undefined) drain();
  }

  function push(entry: Entry): void {
    queue.push(entry);
    queuedBytes += entry.bytes.length;
  }

  function pushReport(): void {
    push({ bytes: Buffer.from(lossLine(unreported, lossReason)), lostLines: unreported });
    unreported = 0;
  }

  /** Writes what the descriptor accepts, and tries the rest again later. */
  function drain(): void {
    retry = undefined;
    try {
      if (writeQueue()) return;
      retryMs = Math.min(retryMs * 2, lastRetryMs);
      retryAfter(retryMs);
    } catch (error) {
      loseQueue(error as NodeJS.ErrnoException);
      retryAfter(retryAfterErrorMs);
    }
  }

  function retryAfter(ms: number): void {
    retry = setTimeout(drain, ms).unref();
  }

  /** Returns whether everything was written. */
  function writeQueue(): boolean {
    writeSome ??= createDescriptorWriter(descriptor);
    if (begun > 0 && fault !== undefined) dropTruncated();
    while (queue.length > 0 || unreported > 0) {
      if (queue.length === 0) pushReport();
      const { bytes } = queue[0] as Entry;
      const accepted = writeSome(bytes, begun);
      if (accepted === 0) return false;
      retryMs = firstRetryMs;
      fault = undefined;
      begun += accepted;
      if (begun < bytes.length) continue;
      endEntry();
    }
    return true;
  }

  function endEntry(): void {
    begun = 0;
    queuedBytes -= queue.shift()?.bytes.length ?? 0;
  }

  /** The begun line is gone if the file was truncated to make room, and its rest would be half a line. */
  function dropTruncated(): void {
    if (fstatSync(descriptor).size >= sizeAtFault) return;
    lose(queue[0] as Entry);
    endEntry();
  }

  function lose({ lostLines }: Entry): void {
    if (lostLines === 0) lost += 1;
    unreported += lostLines || 1;
  }

  /** After an error, the queue is lost, except a line that was begun. */
  function loseQueue({ code, message }: NodeJS.ErrnoException): void {
    const kept = begun > 0 ? 1 : 0;
    for (const entry of queue.slice(kept)) lose(entry);
    queue = queue.slice(0, kept);
    queuedBytes = queue[0]?.bytes.length ?? 0;
    fault = code ?? message;
    lossReason = fault;
    if (kept > 0) sizeAtFault = fstatSync(descriptor).size;
  }

  return {
    write,
    /** Lines that were lost since the process started. */
    lostLines: () => lost,
    /** Sets the text of the line that reports a loss. `reason` is an error code, or says that the reader was too slow. */
    describeLoss(line: (lines: number, reason: string) => string): void {
      lossLine = line;
    },
    /** Waits for the reader, but no longer than `withinMs`. Blocks: only for the end of the process. */
    flush(withinMs = flushWithinMs): void {
      const deadlineMs = performance.now() + withinMs;
      const pause = new Int32Array(new SharedArrayBuffer(4));
      try {
        while (!writeQueue() && performance.now() < deadlineMs)
          Atomics.wait(pause, 0, 0, firstRetryMs);
      } catch (error) {
        loseQueue(error as NodeJS.ErrnoException);
      }
    },
  };
}
