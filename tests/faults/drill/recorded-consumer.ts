import {
  type ConsumerProcess,
  type PrintedRecord,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { parseExactJson } from '@order-stream/local-stack/parse-exact-json';
import type { ProcessOwner, ServiceOptions } from '@order-stream/local-stack/service-process';
import type { HistoryEvent } from '../history-event.ts';
import { orderContent, tombstoneContent } from './record-content.ts';

export type RecordedConsumer = Awaited<ReturnType<typeof startRecordedConsumer>>;

/** Starts the consumer and records its life and each line of its stdout. */
export async function startRecordedConsumer(
  name: string,
  options: Omit<ServiceOptions, 'stdout' | 'context'> & {
    context: ProcessOwner;
    record(event: HistoryEvent): void;
    /** Default: as fast as the lines come. */
    linesPerSecond?: () => number;
  },
) {
  const { record, linesPerSecond, ...service } = options;
  const printed = new Map<number, number>();
  let isKilled = false;
  record({ event: 'started', process: name });
  const onLine = (line: string) => {
    let one: PrintedRecord;
    try {
      one = parseExactJson(line) as PrintedRecord;
    } catch (cause) {
      // The last line of a killed process may be incomplete. No other line may.
      if (isKilled || service.context.signal.aborted) return;
      throw new Error(`${name}: expected a line of JSON on stdout`, { cause });
    }
    const { topic, partition, offset, key, value, headers } = one;
    printed.set(partition, (printed.get(partition) ?? 0) + 1);
    const content =
      value === null ? tombstoneContent(String(key), headers.version) : orderContent(value);
    record({ event: 'printed', process: name, topic, partition, offset, ...content });
  };
  const stdout = { onLine, ...(linesPerSecond && { linesPerSecond }) };
  const consumer: ConsumerProcess = await startConsumer({ ...service, stdout });
  const exited = consumer.exited.then((exit) => {
    record({ event: 'ended', process: name, how: exit.signal ?? `code ${exit.code}` });
    return exit;
  });
  return {
    ...consumer,
    name,
    /** Resolves after every line was recorded. */
    exited,
    printed: () => [...printed.values()].reduce((sum, count) => sum + count, 0),
    printedFrom: (partition: number) => printed.get(partition) ?? 0,
    kill(signal: NodeJS.Signals = 'SIGKILL'): void {
      isKilled ||= signal === 'SIGKILL';
      consumer.kill(signal);
    },
  };
}
