import { isUtf8 } from 'node:buffer';
import type { Logger, RegistrySettings } from '@order-stream/runtime';
import {
  avroFormat,
  createDeserializer,
  createPlainJsonDeserializer,
  type Deserialized,
  type Deserializer,
  NotAFrameError,
  peek,
  SerdeError,
} from '@order-stream/serde';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';
import { protobufFormat } from '@order-stream/serde/protobuf';
import { openRegistry } from '@order-stream/serde/registry';

/** What bytes of a record mean. */
export type Content =
  | { kind: 'null' }
  /** Decoded by its schema, or JSON text. */
  | { kind: 'value'; value: unknown; schemaVersionId?: string }
  | { kind: 'text'; text: string }
  | { kind: 'undecodable'; bytes: Buffer; error: { name: string; message: string } }
  /** A key that is neither a frame nor text. */
  | { kind: 'bytes'; bytes: Buffer };

export interface RecordDecoder {
  /** A frame of a registry, JSON or plain text. Never rejects. */
  value(bytes: Buffer | null): Promise<Content>;
  /** The same, but a key that is JSON stays text, as the consumer prints it. */
  key(bytes: Buffer | null): Promise<Content>;
  close(): void;
}

/** Decodes any record: Avro, JSON Schema and Protobuf of the configured registries, JSON, plain text. */
export async function createRecordDecoder(
  { registry, secondaryRegistry }: Record<'registry' | 'secondaryRegistry', RegistrySettings>,
  logger: Logger,
): Promise<RecordDecoder> {
  const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat()];
  const onSnapshotFault = (error: Error) =>
    logger.warn({ reason: error.message }, 'schema snapshot');
  const closers: (() => void)[] = [];
  const deserializers = new Map<string, Deserializer>();
  for (const settings of [registry, secondaryRegistry]) {
    if (settings.kind === 'none') continue;
    const opened = await openRegistry(settings, { onSnapshotFault });
    closers.push(() => opened.close());
    deserializers.set(settings.kind, createDeserializer({ registry: opened, formats }));
  }
  return {
    ...createContentReader(deserializers),
    close: () => {
      for (const close of closers) close();
    },
  };
}

/** @param deserializers by the kind of frame, `glue` or `confluent` */
export function createContentReader(
  deserializers: ReadonlyMap<string, Pick<Deserializer, 'deserialize' | 'deserializeSync'>>,
): Omit<RecordDecoder, 'close'> {
  /** @returns undefined if the bytes do not begin as a frame */
  async function frame(bytes: Buffer): Promise<Content | undefined> {
    try {
      const kind = peek(bytes).frame;
      const deserializer = deserializers.get(kind);
      if (deserializer === undefined) return undecodable(bytes, new NoRegistryError(kind));
      return contentOf(
        deserializer.deserializeSync(bytes) ?? (await deserializer.deserialize(bytes)),
      );
    } catch (error) {
      return error instanceof NotAFrameError ? undefined : undecodable(bytes, error as Error);
    }
  }

  return {
    async value(bytes) {
      if (bytes === null) return { kind: 'null' };
      return (await frame(bytes)) ?? json(bytes) ?? text(bytes) ?? notText(bytes);
    },
    async key(bytes) {
      if (bytes === null) return { kind: 'null' };
      const framed = await frame(bytes);
      // An integer in eight bytes begins like a frame.
      if (framed !== undefined && framed.kind !== 'undecodable') return framed;
      return text(bytes) ?? { kind: 'bytes', bytes };
    },
  };
}

const plainJson = createPlainJsonDeserializer();

class NoRegistryError extends Error {
  constructor(kind: 'glue' | 'confluent') {
    super(
      `a frame of a ${kind} registry, which is not configured: set SCHEMA_REGISTRY or SECONDARY_SCHEMA_REGISTRY to ${kind}`,
    );
    this.name = 'NoRegistryError';
  }
}

function contentOf({ value, schema }: Deserialized): Content {
  const id = schema.schemaVersionId ?? schema.schemaId?.toString();
  return { kind: 'value', value, ...(id !== undefined && { schemaVersionId: id }) };
}

function json(bytes: Buffer): Content | undefined {
  try {
    return contentOf(plainJson.deserializeSync(bytes) as Deserialized);
  } catch {
    return undefined;
  }
}

function text(bytes: Buffer): Content | undefined {
  // A text has no NUL; numbers in binary do.
  return isUtf8(bytes) && !bytes.includes(0) ? { kind: 'text', text: bytes.toString() } : undefined;
}

function notText(bytes: Buffer): Content {
  return undecodable(bytes, new NotAFrameError(bytes[0]));
}

/** The message of an error that is not the serde's own may quote the record. */
function undecodable(bytes: Buffer, error: Error): Content {
  const isOwn = error instanceof SerdeError || error instanceof NoRegistryError;
  const message = isOwn ? error.message : 'unexpected error';
  return { kind: 'undecodable', bytes, error: { name: error.name, message } };
}
