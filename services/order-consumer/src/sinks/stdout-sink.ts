import type { FailureClass } from '../failure-class.ts';
import type { Refusal } from '../refusal.ts';
import { JsonWriter } from './json-writer.ts';
import { createLineWriter } from './line-writer.ts';
import { createLinePrinter } from './record-line.ts';
import { type PartitionStart, type Sink, SinkClosedError, type SinkRun } from './sink.ts';
import { sinkKind } from './sink-kind.ts';

export const stdoutSink = sinkKind({
  variables: {},
  create: (_config, { stopping }) => createStdoutSink({ stopping }),
});

/**
 * Writes one JSON object per line to a file descriptor, many lines per write. Delivery is at least once: records that were
 * printed but not committed are printed again. Stored means that the descriptor accepted the bytes.
 *
 * @throws SinkClosedError from an attempt when the reader is gone
 */
export function createStdoutSink(
  options: { descriptor?: number; stopping?: () => boolean } = {},
): Sink {
  const { descriptor = 1, stopping = () => false } = options;
  const printLine = createLinePrinter();
  const write = createLineWriter(descriptor, stopping);
  const idle: JsonWriter[] = [];
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** Keeps the lines of one run together, because the descriptor may accept a write in parts. */
  async function writeInTurn(
    out: JsonWriter,
    signal: AbortSignal,
    progressed: () => void,
  ): Promise<void> {
    const turn = lastWrite;
    const { promise, resolve } = Promise.withResolvers<void>();
    lastWrite = promise;
    try {
      await turn;
      signal.throwIfAborted();
      await write(out.written(), progressed);
    } finally {
      resolve();
    }
  }

  async function take(start: PartitionStart, { deliveries, next }: SinkRun): Promise<void> {
    const { topic, partition } = start;
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
      if (out.length > 0)
        await start.attempt('write', (signal, progressed) => writeInTurn(out, signal, progressed));
      if (refusals.length > 0) await Promise.all(refusals.map(start.rejected));
      start.durable(next);
    } finally {
      out.truncate(0);
      idle.push(out);
    }
  }

  return {
    name: 'stdout',
    holdMs: 0,
    open: (start) => ({
      from: start.mark ?? start.offset,
      take: (run) => take(start, run),
      flush() {},
      close() {},
    }),
    failureClassOf,
    relieve() {},
    close() {},
  };
}

/** A full disk or a slow reader may pass. */
function failureClassOf(error: unknown): FailureClass {
  return error instanceof SinkClosedError ? 'bug' : 'transient';
}
