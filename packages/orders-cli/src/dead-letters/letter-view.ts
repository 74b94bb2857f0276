import { isoTime } from '../records/record-line.ts';
import type { DeadLetter } from './dead-letter.ts';

/** A dead letter without its payload, for `--json`. */
export function letterJson(letter: DeadLetter): Record<string, unknown> {
  const { record, reason, error, origin, replayed, details } = letter;
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: isoTime(record.timestampMs),
    reason,
    error,
    origin: {
      topic: origin.topic,
      partition: origin.partition,
      offset: origin.offset,
      timestamp: isoTime(origin.timestampMs),
    },
    replayed,
    ...Object.fromEntries(
      Object.entries(details).map(([name, value]) => [name.replaceAll('-', '_'), value]),
    ),
  };
}

/** `orders/3@1200` */
export function originOf({ origin: { topic, partition, offset } }: DeadLetter): string {
  return `${topic}/${partition}@${offset}`;
}

/** Counts dead letters by reason, topic and partition of their origin. */
export function createLetterCounts() {
  const counts = new Map<
    string,
    { reason: string; topic: string; partition: number; count: number }
  >();
  return {
    add({ reason, origin: { topic, partition } }: DeadLetter): void {
      const key = JSON.stringify([reason, topic, partition]);
      const row = counts.get(key) ?? { reason, topic, partition, count: 0 };
      row.count += 1;
      counts.set(key, row);
    },
    rows: () =>
      [...counts.values()].sort(
        (one, other) =>
          other.count - one.count ||
          one.topic.localeCompare(other.topic) ||
          one.partition - other.partition ||
          one.reason.localeCompare(other.reason),
      ),
  };
}
