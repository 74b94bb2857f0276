import type { Delivery } from '../../delivery.ts';
import type { GrowingBytes } from './growing-bytes.ts';

/** The content of files. */
export interface FileFormat {
  readonly extension: 'json' | 'avro';
  readonly contentType: string;
  /**
   * Begins a file with its first record, which the caller then appends.
   *
   * @throws UnstorableValueError the format has no form for the record
   */
  begin(first: StorableDelivery): FileEncoder;
}

/** A delivery with a value. */
export type StorableDelivery = Delivery & { schema: NonNullable<Delivery['schema']> };

/** Encodes the records of one file. */
export interface FileEncoder {
  /** Whether the file may contain the record, or a new file must begin for it. */
  accepts(delivery: StorableDelivery): boolean;
  /**
   * Encodes a record to the end of `file`, or keeps it until more are there.
   *
   * @throws when it cannot be encoded; then the file is as it was
   */
  append(delivery: StorableDelivery, file: GrowingBytes): void;
  /** Bytes that are kept and not yet in `file`. */
  pendingBytes(): number;
  /** Writes what is kept. */
  finish(file: GrowingBytes): void;
}

/** The format of the files has no form for this value: the record becomes a dead letter. */
export class UnstorableValueError extends Error {
  readonly code = 'unstorable-value';
  readonly retryable = false;

  constructor(message: string) {
    super(message);
    this.name = 'UnstorableValueError';
  }
}
