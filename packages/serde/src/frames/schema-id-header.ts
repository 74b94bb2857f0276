import { DamagedFrameError } from '../errors.ts';
import type { RecordPart } from '../registry/schema-name.ts';

/** A header's value as Kafka clients give it. */
type HeaderValue = Uint8Array | string | null | undefined;

/**
 * The headers of a record: an object of values, as in kafkajs, or a list of objects with one name each, as in librdkafka's
 * clients. The last header of a name counts.
 */
export type RecordHeaders =
  | Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>
  | readonly Readonly<Record<string, HeaderValue>>[];

/** What a schema id header says. */
export interface SchemaIdHeader {
  /** A GUID, or an id in decimal. */
  readonly schemaId: string;
  /** Protobuf: the message indexes, which are not in the body. Otherwise empty. */
  readonly messageIndexes: Buffer;
}

const guidMagicByte = 1;
const idMagicByte = 0;
const guidBytes = 16;

/**
 * The header in which Confluent's `HeaderSchemaIdSerializer` writes the schema id, so that the body has no prefix.
 *
 *   offset  bytes  value
 *        0      1  1 for a GUID; 0 for an id, which readers accept as well
 *        1     16  GUID, big endian (4 bytes for an id)
 *       17         Protobuf: the message indexes, at least the byte 0
 *
 * Source: confluentinc/schema-registry 8.x, `SchemaId.java`, `HeaderSchemaIdSerializer.java`, `DualSchemaIdDeserializer.java`;
 * compared with the bytes of confluent-kafka 2.16.1 for Python (`vectors/confluent-headers`).
 *
 * @returns `undefined` for a record without such a header, or with a null one
 * @throws DamagedFrameError `bad-id-header`
 */
export function readSchemaIdHeader(
  headers: RecordHeaders,
  part: RecordPart,
): SchemaIdHeader | undefined {
  const value = lastValue(headers, schemaIdHeaderName(part));
  if (value === undefined || value === null) return undefined;
  const bytes = Buffer.from(value as Uint8Array);
  const idEnd = 1 + (bytes[0] === guidMagicByte ? guidBytes : 4);
  if ((bytes[0] !== guidMagicByte && bytes[0] !== idMagicByte) || bytes.length < idEnd)
    throw new DamagedFrameError('bad-id-header');
  const schemaId =
    bytes[0] === guidMagicByte
      ? bytes.toString('hex', 1, idEnd).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
      : String(bytes.readUInt32BE(1));
  return { schemaId, messageIndexes: bytes.subarray(idEnd) };
}

/** The value of the header for a GUID. */
export function schemaIdHeader(guid: string, messageIndexes: Uint8Array = Buffer.alloc(0)): Buffer {
  const id = Buffer.from(guid.replaceAll('-', ''), 'hex');
  return Buffer.concat([Buffer.from([guidMagicByte]), id, messageIndexes]);
}

/** `__value_schema_id` or `__key_schema_id`. */
export function schemaIdHeaderName(part: RecordPart): string {
  return `__${part}_schema_id`;
}

function lastValue(headers: RecordHeaders, name: string): HeaderValue {
  if (isList(headers)) return headers.findLast((header) => Object.hasOwn(header, name))?.[name];
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return Array.isArray(value) ? value.at(-1) : (value as HeaderValue);
}

function isList(
  headers: RecordHeaders,
): headers is readonly Readonly<Record<string, HeaderValue>>[] {
  return Array.isArray(headers);
}
