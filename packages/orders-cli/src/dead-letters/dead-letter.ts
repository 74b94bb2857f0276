import type { TopicRecord } from '@order-stream/runtime';

/** A record of a dead-letter topic, with what its headers say. */
export interface DeadLetter {
  /** The record as it stands on the dead-letter topic. */
  record: TopicRecord;
  reason: string;
  error: { name: string; message: string };
  /** The record that could not be processed. */
  origin: { topic: string; partition: number; offset: bigint; timestampMs: number };
  /** How often this record was replayed before. */
  replayed: number;
  /** The other headers of the consumer, by the end of their names. */
  details: Record<string, string>;
}

export const headerPrefix = 'orders.dlq.';
const shownDetails = [
  'sink',
  'schema-version-id',
  'consumer-group',
  'attempts',
  'service-version',
] as const;

/** @returns undefined if the record lacks the headers that the consumer adds */
export function deadLetterOf(record: TopicRecord): DeadLetter | undefined {
  const header = (name: string) => lastText(record, headerPrefix + name);
  const reason = header('reason');
  const topic = header('topic');
  const [partition, offset, timestamp] = ['partition', 'offset', 'timestamp'].map(header);
  if (reason === undefined || topic === undefined) return undefined;
  if (!isDigits(partition) || !isDigits(offset) || !/^-?\d+$/.test(timestamp ?? ''))
    return undefined;
  const details = shownDetails.flatMap((name) => {
    const value = header(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    record,
    reason,
    error: { name: header('error-class') ?? '', message: header('error-message') ?? '' },
    origin: {
      topic,
      partition: Number(partition),
      offset: BigInt(offset as string),
      timestampMs: Number(timestamp),
    },
    replayed: replayCount(record),
    details: Object.fromEntries(details),
  };
}

/** The count of `orders.dlq.replayed`; 0 without the header, or if it has another text. */
export function replayCount(record: TopicRecord): number {
  const text = lastText(record, `${headerPrefix}replayed`) ?? '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
}

/** The consumer adds its headers after those of the same name that the record had. */
function lastText({ headers }: TopicRecord, name: string): string | undefined {
  if (!Object.hasOwn(headers, name)) return undefined;
  return [headers[name]].flat().at(-1)?.toString();
}

function isDigits(text: string | undefined): boolean {
  return /^\d+$/.test(text ?? '');
}

/** The place of a record in the dead-letter topic: `3@41`. */
export const placeOf = ({ partition, offset }: Pick<TopicRecord, 'partition' | 'offset'>): string =>
  `${partition}@${offset}`;
