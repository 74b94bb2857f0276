import { UsageError } from '@order-stream/command-line';
import type { KafkaAdmin, PartitionBounds } from '@order-stream/runtime';

/** Where to begin in each partition. */
export type StartPoint =
  | { kind: 'earliest' }
  | { kind: 'latest' }
  | { kind: 'time'; ms: number }
  | { kind: 'offset'; offset: bigint };

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** For the help of commands. */
export const startPointWords = 'earliest, latest, -5m (s, m, h, d), an ISO 8601 time, an offset';

/**
 * @param name of the flag, for the error
 * @throws UsageError
 */
export function startPointOf(name: string, text: string, nowMs: number): StartPoint {
  if (text === 'earliest' || text === 'latest') return { kind: text };
  if (/^\d{1,19}$/.test(text)) return { kind: 'offset', offset: BigInt(text) };
  return { kind: 'time', ms: timeOf(name, text, nowMs, `expected ${startPointWords}`) };
}

/**
 * A time of the past, `-5m`, or an ISO 8601 time with its zone; a date alone is UTC.
 *
 * @throws UsageError
 */
export function timeOf(
  name: string,
  text: string,
  nowMs: number,
  expected = 'expected -5m (s, m, h, d) or an ISO 8601 time',
): number {
  const [, count, unit] = /^-(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return nowMs - Number(count) * unitMs[unit as keyof typeof unitMs];
  const ms = isoTime.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const zone = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text) ? '; add a time zone, such as Z' : '';
  throw new UsageError(`${name}: ${expected}, got '${text}'${zone}`);
}

/** An offset outside of the log. */
export class OffsetRangeError extends Error {
  readonly code = 'offset-range';
  readonly retryable = false;

  constructor(offset: bigint, { topic, partition, start, stable }: PartitionBounds) {
    super(`${topic}/${partition} has the offsets ${start} to ${stable}, not ${offset}`);
    this.name = 'OffsetRangeError';
  }
}

/**
 * Partition → next offset. A time is the first record with that timestamp or a later one, or the end.
 *
 * @throws OffsetRangeError
 */
export async function positionsAt(
  admin: KafkaAdmin,
  point: StartPoint,
  partitions: readonly PartitionBounds[],
): Promise<Map<number, bigint>> {
  const [first] = partitions;
  if (first === undefined) return new Map();
  if (point.kind === 'time') {
    const found = await admin.fetchTopicOffsetsByTimestamp(first.topic, point.ms);
    const offsetAt = new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
    return new Map(
      partitions.map(({ partition, stable }) => [partition, offsetAt.get(partition) ?? stable]),
    );
  }
  return new Map(partitions.map((one) => [one.partition, offsetIn(one, point)]));
}

function offsetIn(bounds: PartitionBounds, point: Exclude<StartPoint, { kind: 'time' }>): bigint {
  const { start, stable } = bounds;
  if (point.kind === 'earliest') return start;
  if (point.kind === 'latest') return stable;
  if (point.offset < start || point.offset > stable)
    throw new OffsetRangeError(point.offset, bounds);
  return point.offset;
}
