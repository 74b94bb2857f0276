import { setTimeout as delay } from 'node:timers/promises';
import type { DeadLetterBrake } from './dead-letter-brake.ts';
import type { Refusal, RefusalReason } from './refusal.ts';
import { retryDelayMs } from './retry-policy.ts';

/**
 * Writes the refused records of one partition to the dead-letter topic. A failure is tried again without end, and each record by
 * itself, so that one that the topic refuses does not repeat its neighbours.
 *
 * Each record is written once, also when several sinks refuse it.
 */
export function createDeadLetterLane(options: {
  signal: AbortSignal;
  brake: DeadLetterBrake;
  /** Resolves when the dead-letter topic has acknowledged the record. */
  send(refusal: Refusal): Promise<void>;
  /** Holds the partition for a reason, or no longer. */
  hold(cause: object, fault: Error | undefined): void;
  /** As in `retry-policy.ts`. */
  delayMs?(failures: number): number;
}) {
  const { signal, brake, send, hold, delayMs = retryDelayMs } = options;
  // Without the records, which would keep the memory of the fetch that they came with.
  const known = new Map<string, { written: Promise<void>; reason: RefusalReason }>();
  const brakeCause = {};
  let isBraked = false;
  let lifted = Promise.withResolvers<void>();

  async function writeWithoutEnd(refusal: Refusal): Promise<void> {
    const cause = {};
    for (let failures = 1; ; failures += 1) {
      try {
        await send(refusal);
        hold(cause, undefined);
        return;
      } catch (error) {
        if (!signal.aborted) hold(cause, error as Error);
      }
      await delay(delayMs(failures), undefined, { signal }).catch(() => undefined);
      // The partition is over. Its next owner reads the record again.
      if (signal.aborted) await new Promise<never>(() => undefined);
    }
  }

  /** Asks the brake, and holds the partition while it is on. */
  function mayRefuse(offset: string): boolean {
    if (isBraked) return false;
    const limit = brake.refuse(offset);
    isBraked = limit !== undefined;
    if (limit !== undefined) hold(brakeCause, new DeadLetterBrakeError(limit));
    return limit === undefined;
  }

  /** Resolves when the record is on the dead-letter topic. Never rejects. Ask `mayRefuse` before. */
  function write(refusal: Refusal): Promise<void> {
    const { offset } = refusal.record;
    const before = known.get(offset);
    if (before !== undefined) return before.written;
    const written = writeWithoutEnd(refusal);
    known.set(offset, { written, reason: refusal.reason });
    return written;
  }

  return {
    mayRefuse,
    write,
    /** For a record that a sink refuses after it was taken: waits while the brake is on. */
    async rejected(refusal: Refusal): Promise<void> {
      const { offset } = refusal.record;
      while (!known.has(offset) && !mayRefuse(offset)) await lifted.promise;
      await write(refusal);
    },
    liftBrake(): void {
      brake.lift();
      isBraked = false;
      hold(brakeCause, undefined);
      lifted.resolve();
      lifted = Promise.withResolvers<void>();
    },
    reasonOf: (offset: string): RefusalReason | undefined => known.get(offset)?.reason,
    /** No sink can refuse the records below the offset any more. */
    forget(below: bigint): void {
      for (const offset of known.keys()) if (BigInt(offset) < below) known.delete(offset);
    },
  };
}

/** So many records were refused that the records are not the cause. The partition waits until the brake is lifted. */
export class DeadLetterBrakeError extends Error {
  readonly code = 'dead-letter-brake';
  readonly retryable = false;

  constructor(limit: string) {
    super(`the dead-letter brake is on: ${limit}`);
    this.name = 'DeadLetterBrakeError';
  }
}
