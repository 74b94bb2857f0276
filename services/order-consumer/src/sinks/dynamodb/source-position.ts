import type { KafkaMessage } from 'kafkajs';

/** Where a version of an item comes from: what its attributes `_topic`, `_partition`, `_offset`, `_timestamp` hold. */
export interface SourcePosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Epoch milliseconds of the record. */
  readonly timestamp: bigint;
}

/**
 * The position that a record counts with. A replayed dead letter has the position of the record that was rejected, so that it
 * does not replace versions which were stored since. If a header of that position is missing or malformed, the record has its own.
 */
export function sourcePosition(
  { offset, timestamp, headers }: KafkaMessage,
  topic: string,
  partition: number,
): SourcePosition {
  const own = { topic, partition, offset: BigInt(offset), timestamp: BigInt(timestamp) };
  if (headers?.['orders.dlq.replayed'] === undefined) return own;
  return rejectedPosition(headers) ?? own;
}

const topicPattern = /^[a-zA-Z0-9._-]{1,249}$/;
const maxPartition = 2n ** 31n - 1n;
const maxLong = 2n ** 63n - 1n;

function rejectedPosition(
  headers: NonNullable<KafkaMessage['headers']>,
): SourcePosition | undefined {
  const text = (name: string): string | undefined => {
    const last = [headers[`orders.dlq.${name}`]].flat().at(-1);
    return last?.toString();
  };
  const topic = text('topic') ?? '';
  const partition = integer(text('partition'), 0n, maxPartition);
  const offset = integer(text('offset'), 0n, maxLong);
  // Kafka has -1 for a record without a timestamp.
  const timestamp = integer(text('timestamp'), -1n, maxLong);
  if (!topicPattern.test(topic)) return undefined;
  if (partition === undefined || offset === undefined || timestamp === undefined) return undefined;
  return { topic, partition: Number(partition), offset, timestamp };
}

function integer(text: string | undefined, min: bigint, max: bigint): bigint | undefined {
  if (text === undefined || !/^-?\d{1,19}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value >= min && value <= max ? value : undefined;
}
