import type { Refusal } from '../refusal.ts';
import { JsonWriter } from './json-writer.ts';
import { createLineWriter } from './line-writer.ts';
import { createLinePrinter } from './record-line.ts';
import type { Sink } from './sink.ts';

const slowDeliveryMs = 1_000;

/**
 * Writes one JSON object per line to a file descriptor, many lines per write. Delivery is at least once: records that were
 * printed but not committed are printed again. Durable means that the descriptor accepted the bytes.
 */
export function createStdoutSink(
  options: { descriptor?: number; now?: () => number; stopping?: () => boolean } = {},
): Sink {
  const { descriptor = 1, now = () => performance.now(), stopping = () => false } = options;
  const printLine = createLinePrinter();
  const write = createLineWriter(descriptor, stopping);
  const idle: JsonWriter[] = [];
  let lastWrite: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let busySince: number | undefined;
  let movedSlowlyAt: number | undefined;

  /** Keeps the lines of one delivery together, because the descriptor may accept a write in parts. */
  async function writeInTurn(out: JsonWriter, signal: AbortSignal): Promise<void> {
    const turn = lastWrite;
    const { promise, resolve } = Promise.withResolvers<void>();
    lastWrite = promise;
    const enteredAt = now();
    waiting += 1;
    busySince ??= enteredAt;
    try {
      await turn;
      signal.throwIfAborted();
      await write(out.written(), () => {
        busySince = now();
        if (busySince - enteredAt > slowDeliveryMs) movedSlowlyAt = busySince;
      });
    } finally {
      waiting -= 1;
      busySince = waiting === 0 ? undefined : now();
      resolve();
    }
  }

  return {
    async deliver(topic, partition, deliveries, signal) {
      const out = idle.pop() ?? new JsonWriter();
      const refusals: Refusal[] = [];
      for (const delivery of deliveries) {
        const lineStart = out.length;
        try {
          printLine(out, topic, partition, delivery);
        } catch (error) {
          out.truncate(lineStart);
          refusals.push({ record: delivery.record, reason: 'bug', error: error as Error });
        }
      }
      try {
        await writeInTurn(out, signal);
      } finally {
        out.truncate(0);
        idle.push(out);
      }
      return refusals;
    },
    busySince: () => busySince,
    movedSlowlyAt: () => movedSlowlyAt,
  };
}
