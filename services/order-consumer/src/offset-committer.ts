import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@order-stream/runtime';
import type { NextOffset, OffsetTracker } from './offset-tracker.ts';

/** Progress within this time after a commit is combined into the next one: each is a request to the coordinator. */
const spacingMs = 100;
/** One failure may be a rebalance. */
const failuresToReport = 2;

/** Commits in the background whatever the tracker knows to be durable. */
export function createOffsetCommitter(options: {
  tracker: Pick<OffsetTracker, 'commit'>;
  send(offsets: readonly NextOffset[]): Promise<void>;
  logger: Logger;
  /** Waits after a commit, before the next one. */
  pause?(): Promise<void>;
}) {
  const { tracker, send, logger, pause = () => delay(spacingMs) } = options;
  let isDirty = false;
  let isRunning = false;
  let failure: Error | undefined;
  /** Failed commits in a row. */
  let failures = 0;
  /** Grows when a membership ends: a commit in flight belongs to the one in which it was sent. */
  let membership = 0;

  async function run(): Promise<void> {
    isRunning = true;
    while (isDirty) {
      isDirty = false;
      const sentIn = membership;
      try {
        await tracker.commit(send);
        failure = undefined;
        failures = 0;
      } catch (error) {
        if (sentIn === membership) {
          isDirty = true;
          failure = error as Error;
          failures += 1;
        }
        // While no batch comes, nothing else reports it.
        const level = failures === failuresToReport ? 'warn' : 'debug';
        logger[level]({ err: error, failures }, 'a commit failed');
      }
      await pause();
    }
    isRunning = false;
  }

  return {
    /** Something can be committed. */
    soon(): void {
      isDirty = true;
      if (!isRunning) void run();
    },
    /**
     * Resolves when everything durable is committed.
     *
     * @throws the client's error
     */
    now: () => tracker.commit(send),
    /**
     * Throws the failure of the latest commit once, so that the Kafka client recovers: it may need another coordinator or
     * generation.
     */
    throwFailure(): void {
      if (failure === undefined) return;
      const last = failure;
      failure = undefined;
      throw last;
    },
    /** The membership is over: what was not committed is read again by the next owner. */
    cancel(): void {
      membership += 1;
      isDirty = false;
      failure = undefined;
      failures = 0;
    },
  };
}
