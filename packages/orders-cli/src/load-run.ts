import type { GeneratedOrder } from './order-generator.ts';

/** Time as the load sees it: monotonic milliseconds, and a sleep that an abort ends early. */
export interface Clock {
  nowMs(): number;
  sleepUntil(dueMs: number, stop: AbortSignal): Promise<void>;
}

/**
 * How orders are spread over time.
 * - `batches`: `size` orders, then a pause once all of them are answered (the reference's shape);
 * - `rate`: an open loop, order k is due k/perSecond after the start, whatever the answers take;
 * - `unpaced`: as fast as the concurrency allows.
 */
export type Pace =
  | { kind: 'batches'; size: number; pauseMs: number }
  | { kind: 'rate'; perSecond: number }
  | { kind: 'unpaced' };

export interface LoadRun {
  pace: Pace;
  /** Orders awaiting an answer at the same time, at most. */
  concurrency: number;
  /** Where intake ends: a number of orders, a time, or (Infinity) only the stop signal. */
  limit: { orders: number } | { durationMs: number };
  nextOrder: () => GeneratedOrder;
  /** Sends one order and settles when its outcome is known; must not reject. `dueMs` is in the clock's time. */
  send: (order: GeneratedOrder, dueMs: number) => Promise<void>;
  clock: Clock;
  /** Ends intake; what is in flight is still awaited. */
  stop: AbortSignal;
}

/** Runs the load to its limit or its stop; returns when every order that was sent has its outcome. */
export async function runLoad(run: LoadRun): Promise<void> {
  const { pace, clock, stop } = run;
  const startedMs = clock.nowMs();
  const maxOrders = 'orders' in run.limit ? run.limit.orders : Number.POSITIVE_INFINITY;
  const endMs =
    'durationMs' in run.limit ? startedMs + run.limit.durationMs : Number.POSITIVE_INFINITY;
  let taken = 0;
  const open = () => !stop.aborted && taken < maxOrders && clock.nowMs() < endMs;

  /** `concurrency` workers share the orders up to `until`. */
  const sendUpTo = async (until: number) => {
    const worker = async () => {
      while (open() && taken < until) {
        const index = taken;
        taken += 1;
        let dueMs = clock.nowMs();
        if (pace.kind === 'rate') {
          // From the start and not from the order before: a late order delays no later one.
          dueMs = startedMs + (index * 1000) / pace.perSecond;
          if (dueMs >= endMs) return;
          await clock.sleepUntil(dueMs, stop);
          if (stop.aborted) return;
        }
        await run.send(run.nextOrder(), dueMs);
      }
    };
    await Promise.all(Array.from({ length: run.concurrency }, worker));
  };

  if (pace.kind !== 'batches') return sendUpTo(Number.POSITIVE_INFINITY);
  while (open()) {
    await sendUpTo(taken + pace.size);
    if (open()) await clock.sleepUntil(Math.min(clock.nowMs() + pace.pauseMs, endMs), stop);
  }
}
