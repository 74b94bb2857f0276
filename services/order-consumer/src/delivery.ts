import type { RegisteredSchema } from '@order-stream/serde';
import type { KafkaMessage } from 'kafkajs';

/** A record for a sink to store. */
export interface Delivery {
  readonly record: KafkaMessage;
  /** Null for a tombstone. */
  readonly value: unknown;
  /** Describes `value`. Undefined only for a tombstone, which has no schema. */
  readonly schema: WriterSchema | undefined;
  /** Of a tombstone: its key, decoded. Undefined if the key has no frame of a registry that can be decoded. */
  readonly key?: unknown;
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
