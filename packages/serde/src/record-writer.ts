import { RegistryRequestError } from './errors.ts';
import type { Compression, FrameKind } from './frames/frame.ts';
import { createFrameSlab } from './frames/frame-slab.ts';
import { deflateBody } from './frames/glue-frame.ts';
import { schemaIdHeader, schemaIdHeaderName } from './frames/schema-id-header.ts';
import { kindOf } from './option-checks.ts';
import { messageIndexesEnd } from './protobuf/message-indexes-end.ts';
import type { RegisteredSchema } from './registry/schema-registry.ts';
import type { AnyChoice } from './schema-choice.ts';
import type { Writer, WrittenWith } from './writer-cache.ts';

/** How the values of a serializer become bytes. */
export interface RecordWriter {
  headersOf(schema: RegisteredSchema): WrittenWith;
  write(writer: Writer, value: unknown, choice: AnyChoice): Buffer;
}

/** The schema id is before the body; `zlib` compresses bodies that become smaller. */
export function createFrameWriter(kind: FrameKind, compression: Compression): RecordWriter {
  const frame = createFrameSlab();
  return {
    headersOf: (schema) => ({
      header: kind.header(schema, 'none'),
      zlibHeader: kind.header(schema, 'zlib'),
    }),
    write(writer, value) {
      const plain = frame(writer.header, writer.codec, value);
      if (compression === 'none') return plain;
      const deflated = deflateBody(plain.subarray(kind.headerBytes));
      return deflated ? Buffer.concat([writer.zlibHeader, deflated]) : plain;
    },
  };
}

const noHeader = Buffer.alloc(0);

/** The schema id is in a header of the record. */
export function createIdHeaderWriter(): RecordWriter {
  const frame = createFrameSlab();
  return {
    headersOf: () => ({ header: noHeader, zlibHeader: noHeader }),
    write({ schema, codec }, value, { part = 'value', headers }) {
      if (typeof headers !== 'object' || headers === null || Array.isArray(headers))
        throw new TypeError(
          `schemaIdIn: 'header' needs the headers of the record in the choice: expected an object, got ${kindOf(headers)}`,
        );
      const { schemaGuid, dataFormat } = schema;
      if (schemaGuid === undefined)
        throw new RegistryRequestError(
          'schema ids in headers need GUIDs, which the registry does not give (Confluent Platform 8.0 does)',
        );
      const body = frame(noHeader, codec, value);
      const start = dataFormat === 'PROTOBUF' ? messageIndexesEnd(body) : 0;
      headers[schemaIdHeaderName(part)] = schemaIdHeader(schemaGuid, body.subarray(0, start));
      return body.subarray(start);
    },
  };
}
