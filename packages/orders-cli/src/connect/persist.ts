import { StoppedError } from '../kafka/connection.ts';
import type { Clock } from '../load-run.ts';
import { WorkerUnavailableError } from './connect-errors.ts';

const pauseMs = 500;

export interface Patience {
  /** When to give up: a time of `clock`. */
  untilMs: number;
  clock: Clock;
  stop: AbortSignal;
  /** Called with the reason when the first attempt fails, and whenever the reason changes. */
  onWait(reason: string): void;
}

/** Ends at the deadline, or when the command is stopped. The last request has a second, so that its answer counts. */
function deadlineSignal({ untilMs, clock, stop }: Patience): AbortSignal {
  const leftMs = Math.max(1_000, Math.ceil(untilMs - clock.nowMs()));
  return AbortSignal.any([stop, AbortSignal.timeout(leftMs)]);
}

/**
 * Repeats a request while the worker is unavailable, twice a second.
 *
 * @throws WorkerUnavailableError at the deadline, with the reason of the last attempt; StoppedError; what `attempt` throws else
 */
export async function persist<Result>(
  patience: Patience,
  attempt: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { untilMs, clock, stop, onWait } = patience;
  let reported = '';
  for (;;) {
    if (stop.aborted) throw new StoppedError('stopped before it was done');
    try {
      return await attempt(deadlineSignal(patience));
    } catch (error) {
      if (stop.aborted) throw new StoppedError('stopped before it was done');
      if (!(error instanceof WorkerUnavailableError)) throw error;
      if (clock.nowMs() + pauseMs >= untilMs) throw error;
      if (error.message !== reported) onWait(error.message);
      reported = error.message;
    }
    await clock.sleepUntil(clock.nowMs() + pauseMs, stop);
  }
}
