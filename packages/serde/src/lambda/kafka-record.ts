import type { Deserializer } from '../deserializer.ts';
import { aDeserializer, checkOptions, required } from '../option-checks.ts';
import type { RecordPart } from '../registry/schema-name.ts';
import type { RegisteredSchema } from '../registry/schema-registry.ts';
import type { KafkaEventRecord } from './kafka-event.ts';

/** A decoded record. */
export interface KafkaRecord<Value = unknown, Key = Buffer> {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME';
  /** `null` for a record without a key. */
  readonly key: Key | null;
  /** `null` for a tombstone. */
  readonly value: Value | null;
  /** In the order of the record; a name can occur more than once. */
  readonly headers: readonly KafkaHeader[];
  /** The writer schema; `undefined` for a key that was not decoded. */
  readonly keySchema: RegisteredSchema | undefined;
  /** The writer schema; `undefined` for a tombstone. */
  readonly valueSchema: RegisteredSchema | undefined;
}

/** A header as it was written: neither decoded nor compared with a schema. */
export interface KafkaHeader {
  readonly name: string;
  readonly value: Buffer | null;
}

/** What decodes the parts of a record. */
export type KafkaDeserializers<Value = unknown, Key = Buffer> = {
  value: Deserializer<Value>;
} & KeyDeserializer<Key>;

/** Without a deserializer the key stays a Buffer, so a key of another type needs one. */
export type KeyDeserializer<Key> = [Buffer] extends [Key]
  ? { key?: Deserializer<Key> }
  : { key: Deserializer<Key> };

/**
 * Decodes the key and the value of a record of an event. A function that handles whole batches calls this itself; others
 * use `createKafkaHandler`.
 *
 * @throws UndecodableError the key or the value will never decode
 * @throws TypeError a deserializer is not one, or Lambda has removed the schema id, because the event source mapping has a schema registry
 * @throws what `Deserializer.deserialize` throws: whether the record decodes is not known yet
 */
export async function decodeKafkaRecord<Value = unknown, Key = Buffer>(
  record: KafkaEventRecord,
  deserializers: KafkaDeserializers<Value, Key>,
  // NoInfer: the types are those of the deserializers, not of what the result is assigned to.
): Promise<KafkaRecord<NoInfer<Value>, NoInfer<Key>>> {
  const { value, key } = (deserializers ?? {}) as PartDeserializers<Value, Key>;
  checkOptions('decodeKafkaRecord', { value, key }, deserializerShapes);
  return decodeRecord(record, deserializers);
}

/** The deserializers of the parts. */
export const deserializerShapes = { value: required(aDeserializer), key: aDeserializer };

/** As `decodeKafkaRecord`, with deserializers that were checked before. */
export async function decodeRecord<Value, Key>(
  record: KafkaEventRecord,
  deserializers: KafkaDeserializers<Value, Key>,
): Promise<KafkaRecord<NoInfer<Value>, NoInfer<Key>>> {
  const { value: valueDeserializer, key: keyDeserializer } = deserializers as PartDeserializers<
    Value,
    Key
  >;
  const { topic, partition, offset, timestamp, timestampType } = record;
  const headers = headersOf(record);

  async function decode<Part>(part: RecordPart, deserializer: Deserializer<Part>) {
    const text = record[part];
    if (text === null || text === undefined) return undefined;
    if (record[`${part}SchemaMetadata`]?.schemaId)
      throw new TypeError(
        `Lambda has removed the schema id of the ${part}: remove SchemaRegistryConfig from the event source mapping`,
      );
    const bytes = Buffer.from(text, 'base64');
    const context = { part, headers: headers.map(({ name, value }) => ({ [name]: value })) };
    return (
      deserializer.deserializeSync(bytes, context) ??
      (await deserializer.deserialize(bytes, context))
    );
  }

  const key = keyDeserializer && (await decode('key', keyDeserializer));
  const value = await decode('value', valueDeserializer);
  return {
    ...{ topic, partition, offset, timestamp, timestampType, headers },
    key: keyDeserializer ? (key?.value ?? null) : (keyBytes(record) as Key | null),
    value: value?.value ?? null,
    keySchema: key?.schema,
    valueSchema: value?.schema,
  };
}

interface PartDeserializers<Value, Key> {
  value: Deserializer<Value>;
  key?: Deserializer<Key>;
}

function keyBytes({ key }: KafkaEventRecord): Buffer | null {
  return key === null || key === undefined ? null : Buffer.from(key, 'base64');
}

function headersOf({ headers }: KafkaEventRecord): KafkaHeader[] {
  return (headers ?? []).flatMap((header) =>
    Object.entries(header).map(([name, bytes]) => ({
      name,
      // A Java byte is signed: Buffer.from takes -1 for 255.
      value: bytes === null ? null : Buffer.from(bytes),
    })),
  );
}
