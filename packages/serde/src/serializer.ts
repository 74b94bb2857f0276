import type { Codec } from './codec.ts';
import { compile } from './compile.ts';
import { createFrameSlab } from './frame-slab.ts';
import { type Compression, deflateBody, glueHeader, headerBytes } from './glue-frame.ts';
import { type RecordPart, type SchemaNaming, topicValueName } from './schema-name.ts';
import type { RegisteredSchema, SchemaRegistry } from './schema-registry.ts';

/** How a serializer is made. */
export interface SerializerOptions {
  registry: SchemaRegistry;
  /** Under which name a topic's schema is registered. Default `topicValueName`. */
  schemaName?: SchemaNaming;
  /** `zlib` compresses those bodies that become smaller by it. Default `none`. */
  compression?: Compression;
}

/** Which schema a value is written with: a definition, or a version that is registered already. */
export type SchemaChoice =
  | {
      /** The definition's text. Pass the same string every time: then finding its version costs one comparison. */
      schema: string;
      schemaVersionId?: undefined;
      /** Default `value`. */
      part?: RecordPart;
    }
  | {
      schema?: undefined;
      /** UUID text. */
      schemaVersionId: string;
      part?: RecordPart;
    };

/** Values to framed bytes. Null (a tombstone) is never framed: callers pass it by. */
export interface Serializer {
  /** Asks the registry now, so that the first record of the topic does not wait. Throws as `serialize`. */
  prepare(topic: string, choice: SchemaChoice): Promise<RegisteredSchema>;

  /**
   * @throws SchemaMismatchError the value does not fit
   * @throws InvalidSchemaError the definition cannot be compiled
   * @throws what `SchemaRegistry` throws
   */
  serialize(topic: string, value: unknown, choice: SchemaChoice): Promise<Buffer>;

  /** As `serialize`, or `undefined` while the version is not known here: then call `prepare` or `serialize`. */
  serializeSync(topic: string, value: unknown, choice: SchemaChoice): Buffer | undefined;
}

interface Writer {
  schema: RegisteredSchema;
  codec: Codec;
  header: Buffer;
  zlibHeader: Buffer;
}

const maxWriters = 10_000;

/**
 * The writing half; `createDeserializer` mirrors it. A record's way: find the writer of its schema,
 * encode behind the header in a slab, compress if that was asked for and pays.
 */
export function createSerializer(options: SerializerOptions): Serializer {
  const { registry, schemaName = topicValueName, compression = 'none' } = options;
  const frame = createFrameSlab();
  const writers = new Map<string, Writer>();
  // Records come in runs of one topic and schema: these comparisons spare them the Map.
  let lastTopic: string | undefined;
  let lastChoice: string | undefined;
  let lastPart: RecordPart | undefined;
  let lastWriter: Writer | undefined;

  function findWriter(topic: string, choice: SchemaChoice): Writer | undefined {
    const chosen = choice.schema ?? choice.schemaVersionId;
    const part = choice.part ?? 'value';
    if (chosen === lastChoice && topic === lastTopic && part === lastPart) return lastWriter;
    const writer = writers.get(writerKey(topic, chosen, part));
    if (writer) {
      lastTopic = topic;
      lastChoice = chosen;
      lastPart = part;
      lastWriter = writer;
    }
    return writer;
  }

  async function loadWriter(topic: string, choice: SchemaChoice): Promise<Writer> {
    const known = findWriter(topic, choice);
    if (known) return known;
    const part = choice.part ?? 'value';
    const schema =
      choice.schema === undefined
        ? await registry.schemaById(choice.schemaVersionId)
        : await registry.schemaByDefinition(schemaName(topic, part), 'AVRO', choice.schema, topic);
    const key = writerKey(topic, choice.schema ?? choice.schemaVersionId, part);
    // Concurrent first records share one answer of the registry, and one writer.
    const loaded = writers.get(key) ?? {
      schema,
      codec: compile(schema),
      header: glueHeader(schema.schemaVersionId, 'none'),
      zlibHeader: glueHeader(schema.schemaVersionId, 'zlib'),
    };
    if (writers.size >= maxWriters) writers.delete(writers.keys().next().value as string);
    writers.set(key, loaded);
    return loaded;
  }

  function write(writer: Writer, value: unknown): Buffer {
    const plain = frame(writer.header, writer.codec, value);
    if (compression === 'none') return plain;
    const deflated = deflateBody(plain.subarray(headerBytes));
    return deflated ? Buffer.concat([writer.zlibHeader, deflated]) : plain;
  }

  return {
    async prepare(topic, choice) {
      return (await loadWriter(topic, choice)).schema;
    },
    async serialize(topic, value, choice) {
      return write(await loadWriter(topic, choice), value);
    },
    serializeSync(topic, value, choice) {
      const writer = findWriter(topic, choice);
      return writer && write(writer, value);
    },
  };
}

function writerKey(topic: string, chosen: string, part: RecordPart): string {
  return `${part}\0${topic}\0${chosen}`;
}
