import {
  type KafkaWriter,
  type Logger,
  type OutgoingRecord,
  partitionFor,
  recordBytes,
  SendRefusedError,
} from '@order-stream/runtime';
import type { IHeaders } from 'kafkajs';
import type { Refusal } from './refusal.ts';

export interface DeadLetterOrigin {
  topic: string;
  partition: number;
  groupId: string;
  serviceVersion: string;
}

const deliveryTimeoutMs = 10_000;

/**
 * The dead-letter record: key, value and headers byte for byte, and headers that say why and where from. They come after
 * a header of the same name that the record had already: readers take the last. Nothing of the payload is in them.
 *
 * Its timestamp is the moment it was refused: with its own, retention could remove it at once, or the broker refuse it.
 *
 * What kafkajs cannot carry over: headers of one name are kept in their order but stand together.
 */
export function deadLetterRecord(
  { record, reason, error, sink }: Refusal,
  { topic, partition, groupId, serviceVersion }: DeadLetterOrigin,
  nowMs: number,
): OutgoingRecord {
  // Not by assignment: a header may be called `__proto__`.
  const headers: IHeaders = { ...record.headers };
  const message = refusalMessage({ reason, error });
  const { schemaVersionId } = error as { schemaVersionId?: string };
  const added = {
    'orders.dlq.reason': reason,
    'orders.dlq.error-class': error.name,
    'orders.dlq.error-message': message,
    'orders.dlq.topic': topic,
    'orders.dlq.partition': String(partition),
    'orders.dlq.offset': record.offset,
    'orders.dlq.timestamp': record.timestamp,
    'orders.dlq.consumer-group': groupId,
    // A record is rejected at its first attempt; one that may succeed later is never a dead letter.
    'orders.dlq.attempts': '1',
    ...(sink === undefined ? {} : { 'orders.dlq.sink': sink }),
    ...(schemaVersionId === undefined ? {} : { 'orders.dlq.schema-version-id': schemaVersionId }),
    'orders.dlq.service-version': serviceVersion,
    '__connect.errors.topic': topic,
    '__connect.errors.partition': String(partition),
    '__connect.errors.offset': record.offset,
    '__connect.errors.stage': reason === 'undecodable' ? 'VALUE_CONVERTER' : 'TASK_PUT',
    '__connect.errors.exception.class.name': error.name,
    '__connect.errors.exception.message': message,
  };
  for (const [name, value] of Object.entries(added)) {
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return { key: record.key, value: record.value, headers, timestampMs: nowMs };
}

/** An unexpected error's own message can quote the value it stumbled over. */
export function refusalMessage({ reason, error }: Pick<Refusal, 'reason' | 'error'>): string {
  return reason === 'bug' ? 'unexpected error' : error.message;
}

/** Where a bug threw, without its message. */
function framesOf({ reason, error }: Refusal): string[] | undefined {
  if (reason !== 'bug') return undefined;
  return error.stack?.split('\n').filter((line) => /^ +at /.test(line));
}

/** The dead letters may not be in the dead-letter topic, so the original records must not be committed. */
export class DeadLetterTopicError extends Error {
  readonly code = 'dead-letter-topic';
  readonly retryable = true;

  constructor(topic: string, cause: Error) {
    super(`dead-letter topic ${topic}: ${cause.message}`, { cause });
    this.name = 'DeadLetterTopicError';
  }
}

/**
 * The dead letter is larger than its topic allows. Its partition waits until the topic's max.message.bytes is raised: a
 * skipped record would be lost, and a shortened one would not equal the rejected record byte for byte.
 */
export class DeadLetterTooLargeError extends Error {
  readonly code = 'dead-letter-too-large';
  readonly retryable = true;

  constructor(deadLetterTopic: string, origin: string, sizeBytes: number, cause: Error) {
    super(
      `dead-letter topic ${deadLetterTopic} refuses ${origin}, about ${sizeBytes} bytes, as too large: raise its max.message.bytes`,
      { cause },
    );
    this.name = 'DeadLetterTooLargeError';
  }
}

/**
 * Sends a refusal to the dead-letter topic: to the partition of the same number if both topics have the same number of
 * partitions, else to the partition of the key. Resolves when it is acknowledged.
 *
 * @throws DeadLetterTopicError | DeadLetterTooLargeError it may have been written: send it again
 */
export function createDeadLetterSender(options: {
  writer: Pick<KafkaWriter, 'append'>;
  deadLetterTopicOf(topic: string): string;
  /** Undefined while the topic is not known to exist. */
  partitionCount(topic: string): number | undefined;
  groupId: string;
  serviceVersion: string;
  logger: Logger;
  onSent(refusal: Refusal): void;
  now?: () => number;
}): (topic: string, partition: number, refusal: Refusal) => Promise<void> {
  const { writer, deadLetterTopicOf, partitionCount, groupId, serviceVersion, logger } = options;
  const now = options.now ?? Date.now;

  function targetPartition(topic: string, partition: number, key: Buffer | null): number {
    const count = partitionCount(deadLetterTopicOf(topic));
    if (count === undefined || count === partitionCount(topic)) return partition;
    return key === null ? partition % count : partitionFor(key, count);
  }

  return async (topic, partition, refusal) => {
    const { record, reason, error, sink } = refusal;
    const { offset } = record;
    const deadLetterTopic = deadLetterTopicOf(topic);
    const origin = { topic, partition, groupId, serviceVersion };
    const letter = deadLetterRecord(refusal, origin, now());
    const target = targetPartition(topic, partition, letter.key);
    const deadline = performance.now() + deliveryTimeoutMs;
    try {
      await new Promise<bigint>((written, failed) =>
        writer.append(deadLetterTopic, target, letter, deadline, written, failed),
      );
    } catch (failure) {
      if (!(failure instanceof SendRefusedError && failure.isTooLarge))
        throw new DeadLetterTopicError(deadLetterTopic, failure as Error);
      const place = `${topic}/${partition} offset ${offset}`;
      throw new DeadLetterTooLargeError(deadLetterTopic, place, recordBytes(letter), failure);
    }
    options.onSent(refusal);
    logger.warn(
      {
        topic,
        partition,
        offset,
        reason,
        sink,
        error: { class: error.name, message: refusalMessage(refusal), frames: framesOf(refusal) },
      },
      'record sent to the dead-letter topic',
    );
  };
}
