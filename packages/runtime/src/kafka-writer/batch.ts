import type { KafkaError } from '../kafka-errors.ts';
import type { OutgoingRecord } from './outgoing-record.ts';

/** A record that waits for its answer: one of `written` and `failed` is called, once. */
export interface PendingRecord {
  record: OutgoingRecord;
  bytes: number;
  /** Epoch milliseconds. */
  deadline: number;
  written(offset: bigint): void;
  failed(error: KafkaError): void;
}

/** Records of one partition that are written, and answered, together. */
export interface Batch {
  partition: number;
  records: readonly PendingRecord[];
  /**
   * Why an earlier attempt may have written the batch. Only the same producer can find out. Its answer was `lost`, or
   * its request failed for `another` of its partitions, and kafkajs does not report which partitions were written.
   */
  doubt: 'none' | 'another' | 'lost';
  written(baseOffset: bigint): void;
  failed(error: KafkaError): void;
}

/** Batches whose partitions have one leader. */
export interface ProduceRequest {
  topic: string;
  leader: number;
  batches: readonly Batch[];
  /** Epoch milliseconds. */
  deadline: number;
  /** Called after each attempt, whatever its outcome. */
  attempted(): void;
}
