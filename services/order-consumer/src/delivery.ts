import type { RegisteredSchema } from '@order-stream/serde';
import type { KafkaMessage } from 'kafkajs';

/** A record for a sink to store. */
export interface Delivery {
  readonly record: KafkaMessage;
  /** Null for a tombstone. */
  readonly value: unknown;
  /** Describes `value`. Undefined only for a tombstone, which has no schema. */
  readonly schema: WriterSchema | undefined;
  /** The record's key if it has the frame of a registry that can be decoded. */
  readonly key?: DecodedKey;
}

/** A key that its registry decoded. */
export interface DecodedKey {
  readonly value: unknown;
  readonly schema: WriterSchema;
}

/**
 * The schema of delivered values: that of the writer, or the reader schema that `READER_SCHEMA` chose. One object for all
 * records of a schema version.
 */
export type WriterSchema = Pick<RegisteredSchema, 'dataFormat' | 'definition' | 'references'> & {
  /** UUID of a Glue registry, or the id of a Confluent-compatible one in decimal. Undefined for plain JSON and a schema file. */
  readonly versionId?: string | undefined;
};

export function versionIdOf({ schemaVersionId, schemaId }: RegisteredSchema): string | undefined {
  return schemaVersionId ?? schemaId?.toString();
}
