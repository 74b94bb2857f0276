/** Monotonic time in milliseconds, and a sleep that an abort ends early. */
export interface Clock {
  nowMs(): number;
  sleepUntil(dueMs: number, stop: AbortSignal): Promise<void>;
}

/**
 * How orders are spread over time.
 * - `batches`: `size` orders, then a pause after the last answer, as the reference implementation does;
 * - `rate`: order k is due k/perSecond seconds after the start, however long the answers take (an open loop);
 * - `unpaced`: as fast as the concurrency allows.
 */
export type Pace =
  | { kind: 'batches'; size: number; pauseMs: number }
  | { kind: 'rate'; perSecond: number }
  | { kind: 'unpaced' };

export interface LoadRun<Order = unknown> {
  pace: Pace;
  /** Maximum number of orders awaiting an answer. */
  concurrency: number;
  /** When the run stops sending: after a number of orders or a time. Without either, only the stop signal ends it. */
  limit: { orders?: number; durationMs?: number };
  nextOrder: () => Order;
  /** Sends an order and resolves when its outcome is known. Must not reject. `dueMs` is a time of `clock`. */
  send: (order: Order, dueMs: number) => Promise<void>;
  clock: Clock;
  /** Stops sending; the outcomes of orders in flight are still awaited. */
  stop: AbortSignal;
}

/** Sends orders until the limit or the stop signal; resolves when every sent order has its outcome. */
export async function runLoad<Order>(run: LoadRun<Order>): Promise<void> {
  const { pace, clock, stop } = run;
  const startedMs = clock.nowMs();
  const { orders: maxOrders = Infinity, durationMs = Infinity } = run.limit;
  const endMs = startedMs + durationMs;
  let sent = 0;
  const running = () => !stop.aborted && sent < maxOrders && clock.nowMs() < endMs;

  /** Starts `concurrency` workers that send the orders up to `until`. */
  const sendUpTo = async (until: number) => {
    const worker = async () => {
      while (running() && sent < until) {
        const index = sent;
        sent += 1;
        let dueMs = clock.nowMs();
        if (pace.kind === 'rate') {
          // Counted from the start, not from the previous order, so that a late order does not delay the next ones.
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
  while (running()) {
    await sendUpTo(sent + pace.size);
    if (running()) await clock.sleepUntil(Math.min(clock.nowMs() + pace.pauseMs, endMs), stop);
  }
}
