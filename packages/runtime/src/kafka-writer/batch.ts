import type { KafkaError } from '../kafka-errors.ts';
import type { OutgoingRecord } from './outgoing-record.ts';

/** A record that waits for its answer: one of `written` and `failed` is called, once. */
export interface PendingRecord {
  record: OutgoingRecord;
  bytes: number;
  /** By `performance.now()`. */
  deadline: number;
  written(offset: bigint): void;
  failed(error: KafkaError): void;
}

/** Records of one partition that are written, and answered, together. */
export interface Batch {
  partition: number;
  records: readonly PendingRecord[];
  /** An earlier attempt may have written it. Only the same producer can find out. */
  isInDoubt: boolean;
  written(baseOffset: bigint): void;
  failed(error: KafkaError): void;
}

/** Batches whose partitions have one leader. */
export interface ProduceRequest {
  topic: string;
  leader: number;
  batches: readonly Batch[];
  /** By `performance.now()`. */
  deadline: number;
  /** Called after each attempt, whatever its outcome. */
  attempted(): void;
}
