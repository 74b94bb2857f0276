import { randomBytes } from 'node:crypto';
import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { compileAvro, createBodyReader, portableDefinition } from '@order-stream/serde';
import type { WriterSchema } from '../../delivery.ts';
import { type FileFormat, type StorableDelivery, UnstorableValueError } from './file-format.ts';
import { GrowingBytes } from './growing-bytes.ts';

export const avroCodecs = ['deflate', 'zstandard', 'null'] as const;
export type AvroCodec = (typeof avroCodecs)[number];

/** Avro's own libraries write blocks of about this size. Compressing one takes a millisecond or two. */
const blockBytes = 64 * 1024;
const magic = Buffer.from('Obj\u0001', 'latin1');
const syncBytes = 16;

const compressors: Record<AvroCodec, (block: Buffer) => Buffer> = {
  null: (block) => block,
  deflate: (block) => deflateRawSync(block),
  zstandard: (block) => zstdCompressSync(block),
};

/** What all files of one schema version have in common. */
interface Writer {
  /** For the header of a file. */
  readonly definition: string;
  /** The encoded value of a record, valid until the next call. */
  bodyOf(delivery: StorableDelivery): Buffer;
}

/**
 * Object container files (Avro specification 1.12): a header with the writer schema and the codec, then blocks of records.
 *
 *   header  `Obj` 01, map of metadata (avro.schema, avro.codec), 16 bytes sync marker
 *   block   long records, long bytes, compressed bodies, sync marker
 *
 * The bytes of a record are stored as they came if they were written with the schema of its value. With `READER_SCHEMA`, they may
 * not be: then the value is encoded again.
 */
export function createAvroFormat(codec: AvroCodec): FileFormat {
  const compress = compressors[codec];
  const writers = new WeakMap<WriterSchema, Writer>();

  function writerOf(schema: WriterSchema): Writer {
    let writer = writers.get(schema);
    if (writer === undefined) {
      writer = createWriter(schema);
      writers.set(schema, writer);
    }
    return writer;
  }

  return {
    extension: 'avro',
    contentType: 'application/avro',
    begin({ schema: ofFile }) {
      const { definition, bodyOf } = writerOf(ofFile);
      const sync = randomBytes(syncBytes);
      const block = new GrowingBytes();
      let records = 0;
      let hasHeader = false;

      function writeBlock(file: GrowingBytes): void {
        if (!hasHeader) {
          const entries = { 'avro.schema': definition, 'avro.codec': codec };
          file.append(Buffer.concat([magic, metadataMap(entries), sync]));
          hasHeader = true;
        }
        if (records === 0) return;
        const data = compress(block.drain());
        file.append(Buffer.concat([long(records), long(data.length)]));
        file.append(data);
        file.append(sync);
        records = 0;
      }

      return {
        accepts: ({ schema }) =>
          schema === ofFile ||
          (schema.versionId === ofFile.versionId && schema.definition === ofFile.definition),
        append(delivery, file) {
          block.append(bodyOf(delivery));
          records += 1;
          if (block.length >= blockBytes) writeBlock(file);
        },
        pendingBytes: () => block.length,
        finish: writeBlock,
      };
    },
  };
}

function createWriter(schema: WriterSchema): Writer {
  const { dataFormat, definition, references, versionId } = schema;
  if (dataFormat !== 'AVRO')
    throw new UnstorableValueError(
      `expected a value with an Avro schema because S3_FORMAT is avro, got one of data format ${dataFormat}`,
    );
  const stored = versionId === undefined ? undefined : createBodyReader(versionId);
  const codec = compileAvro(definition, { references });
  let target = Buffer.alloc(0);

  function encoded(value: unknown): Buffer {
    const end = codec.encode(value, target, 0);
    if (end >= 0) return target.subarray(0, end);
    const larger = Buffer.allocUnsafeSlow(target.length - end);
    codec.encode(value, larger, 0);
    if (larger.length <= blockBytes) target = larger;
    return larger;
  }

  return {
    definition: portableDefinition(definition, references),
    bodyOf({ record, value }) {
      const body = stored && record.value !== null ? stored(record.value) : undefined;
      return body ?? encoded(value);
    },
  };
}

/** A map of bytes: one block of entries, and the empty block that ends it. */
function metadataMap(entries: Record<string, string>): Buffer {
  const pairs = Object.entries(entries);
  return Buffer.concat([
    long(pairs.length),
    ...pairs.flatMap(([key, value]) => [bytesOf(key), bytesOf(value)]),
    long(0),
  ]);
}

function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([long(bytes.length), bytes]);
}

/** Zigzag and variable length, for integers from 0 to 2^53 - 1. */
function long(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
