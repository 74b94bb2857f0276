import { avroFormat } from './avro/avro.ts';
import { type Codec, compileCodec, type SchemaFormat } from './codec.ts';
import { RegistryRequestError } from './errors.ts';
import type { Compression } from './frames/frame.ts';
import { frameOf } from './frames/frame-kinds.ts';
import { createFrameSlab } from './frames/frame-slab.ts';
import { deflateBody } from './frames/glue-frame.ts';
import { schemaIdHeader, schemaIdHeaderName } from './frames/schema-id-header.ts';
import { findLatestVersion } from './latest-version.ts';
import { messageIndexesEnd } from './protobuf/message-indexes-end.ts';
import { createBoundedMap } from './registry/bounded-map.ts';
import type { RegistryClient } from './registry/schema-catalog.ts';
import { type RecordPart, type SchemaNaming, topicValueName } from './registry/schema-name.ts';
import {
  type DataFormat,
  idOf,
  type RegisteredSchema,
  type SchemaRegistry,
} from './registry/schema-registry.ts';
import type { TypedSchema } from './typed-schema.ts';

/** Options of a serializer. */
export interface SerializerOptions {
  /** Also decides the kind of frame. */
  registry: SchemaRegistry & Partial<Pick<RegistryClient<RegisteredSchema>, 'latestSchema'>>;
  /** The data formats that can be written. Default `[avroFormat()]`. */
  formats?: readonly SchemaFormat[];
  /** The name under which a topic's schema is registered. Default `topicValueName`. */
  schemaName?: SchemaNaming;
  /**
   * Where the schema id is: before the body, or as a GUID in a record header, as Confluent's `HeaderSchemaIdSerializer`
   * writes it. A header needs a Confluent-compatible registry that has GUIDs (Confluent Platform 8.0). Default `prefix`.
   */
  schemaIdIn?: 'prefix' | 'header';
  /** `zlib` compresses bodies that become smaller; only Glue's frame supports it. Default `none`. */
  compression?: Compression;
  /** How many schemas stay compiled; the least recently used go first. Default 1000, about ten kilobytes each. */
  cacheSize?: number;
}

/** The schema that a value is written with: a definition, or a version that is already registered. */
export type SchemaChoice = {
  /** Default `value`. */
  part?: RecordPart;
  /** Protobuf: name of the message. Default: see `CodecOptions`. */
  message?: string;
  /** With `schemaIdIn: 'header'`: the headers of the record, to which the header with the schema id is added. */
  headers?: Record<string, unknown>;
} & (
  | {
      /** The definition's text. Pass the same string every time, so that finding its version costs one comparison. */
      schema: string;
      schemaVersionId?: undefined;
      useLatestVersion?: false;
      /** Default `AVRO`. */
      dataFormat?: DataFormat;
    }
  | {
      /**
       * Writes with the newest version that is registered, and never registers one, as Confluent's `use.latest.version` with
       * `auto.register.schemas=false`. A newer version is used within about 6 minutes.
       */
      useLatestVersion: true;
      /** The definition that the values are made for. The newest version must be able to read what it writes. Default none. */
      schema?: string;
      schemaVersionId?: undefined;
      /** Whether `schema` is compared with the newest version, as Confluent's `latest.compatibility.strict`. Default `true`. */
      latestCompatibilityStrict?: boolean;
      /** Of `schema`. Default: that of the newest version. */
      dataFormat?: DataFormat;
    }
  | {
      schema?: undefined;
      useLatestVersion?: false;
      /** UUID text; for a Confluent-compatible registry the decimal text of the id. */
      schemaVersionId: string;
    }
);

/** A typed schema that a value is written with. */
export interface TypedChoice<Input> {
  /** Default `value`. */
  part?: RecordPart;
  /** Brings its own format, so `formats` need not have it. */
  schema: TypedSchema<unknown, Input>;
  schemaVersionId?: undefined;
  useLatestVersion?: undefined;
  message?: undefined;
  /** As in `SchemaChoice`. */
  headers?: Record<string, unknown>;
}

/**
 * Encodes values to framed bytes. A tombstone is never framed, so callers do not pass it here: null is a value that
 * the schema must have, and `undefined` never matches a schema.
 */
export interface Serializer {
  /** Asks the registry now, so that the first record of the topic does not wait. Throws as `serialize` does. */
  prepare(topic: string, choice: SchemaChoice | TypedChoice<never>): Promise<RegisteredSchema>;

  /**
   * @throws SchemaMismatchError the value does not fit
   * @throws InvalidSchemaError the definition cannot be compiled
   * @throws FormatNotLoadedError the data format of the definition is not among `formats`
   * @throws SchemaRefusedError with `useLatestVersion`: the newest version cannot read what `schema` writes
   * @throws RegistryRequestError with `schemaIdIn: 'header'`: the registry has no GUIDs
   * @throws TypeError with `schemaIdIn: 'header'`: the choice has no `headers`
   * @throws what `SchemaRegistry` throws
   */
  serialize<Input>(
    topic: string,
    value: NoInfer<Input>,
    choice: TypedChoice<Input>,
  ): Promise<Buffer>;
  /** With a schema whose values have no type. Throws as above. */
  serialize<Claimed = unknown>(
    topic: string,
    value: Claimed,
    choice: SchemaChoice,
  ): Promise<Buffer>;

  /** The schema that `serializeSync` writes with now, or `undefined` while the version is not known. */
  schemaSync(
    topic: string,
    choice: SchemaChoice | TypedChoice<never>,
  ): RegisteredSchema | undefined;

  /** As `serialize`, but returns `undefined` while the version is not known: then call `prepare` or `serialize`. */
  serializeSync<Input>(
    topic: string,
    value: NoInfer<Input>,
    choice: TypedChoice<Input>,
  ): Buffer | undefined;
  /** With a schema whose values have no type. */
  serializeSync<Claimed = unknown>(
    topic: string,
    value: Claimed,
    choice: SchemaChoice,
  ): Buffer | undefined;
}

type AnyChoice = SchemaChoice | TypedChoice<never>;

const noHeader = Buffer.alloc(0);

interface Writer {
  schema: RegisteredSchema;
  codec: Codec;
  header: Buffer;
  zlibHeader: Buffer;
  /** The minute in which the registry was last asked for the definition's version. */
  askedIn: number;
}

// How long until a change of a name's version is noticed, in addition to the time in the registry's cache.
const askAgainMs = 60_000;

/**
 * The writing half; `createDeserializer` mirrors it. For each record: find the writer of its schema, encode after the
 * header in a slab, compress if configured and smaller.
 */
export function createSerializer(options: SerializerOptions): Serializer {
  const { registry, formats = [avroFormat()] } = options;
  const { schemaName = topicValueName, compression = 'none', cacheSize = 1_000 } = options;
  const { framing } = registry;
  const kind = frameOf(registry);
  const idIsInHeader = options.schemaIdIn === 'header';
  if (idIsInHeader && framing !== 'confluent')
    throw new TypeError('schema ids in headers need a Confluent-compatible registry');
  if (!kind.compressions.includes(compression)) {
    throw new TypeError(`a ${framing} frame does not support compression ${compression}`);
  }
  const frame = createFrameSlab();
  const writers = createBoundedMap<string, Writer>(cacheSize);
  let minute = 0;
  let minuteRuns = false;
  // Records come in runs of one topic and schema. These comparisons avoid the lookup in the Map.
  let lastTopic: string | undefined;
  let lastChoice: AnyChoice['schema'];
  let lastPart: RecordPart | undefined;
  let lastMessage: string | undefined;
  let lastWriter: Writer | undefined;

  function findWriter(topic: string, choice: AnyChoice): Writer | undefined {
    const chosen = choice.schema ?? choice.schemaVersionId;
    const part = choice.part ?? 'value';
    const { message } = choice;
    if (
      !choice.useLatestVersion &&
      chosen === lastChoice &&
      topic === lastTopic &&
      part === lastPart &&
      message === lastMessage
    ) {
      return lastWriter;
    }
    const writer = writers.get(writerKey(topic, choice));
    if (writer) {
      if (writer.askedIn !== minute) askAgain(topic, choice, writer);
      if (choice.useLatestVersion) return writer;
      lastTopic = topic;
      lastChoice = chosen;
      lastPart = part;
      lastMessage = message;
      lastWriter = writer;
    }
    return writer;
  }

  /** Forgets the last writer after a minute, so that its next use asks again. The hot path reads no clock. */
  function startMinute(): void {
    if (minuteRuns) return;
    minuteRuns = true;
    setTimeout(() => {
      minuteRuns = false;
      minute += 1;
      lastTopic = undefined;
    }, askAgainMs).unref();
  }

  /** Refreshes in the background: a definition that was registered again has a new version. A failure changes nothing. */
  function askAgain(topic: string, choice: AnyChoice, writer: Writer): void {
    writer.askedIn = minute;
    startMinute();
    findSchema(topic, choice)
      .then((schema) => {
        if (idOf(schema) === idOf(writer.schema)) return;
        writers.set(writerKey(topic, choice), writerOf(schema, choice));
        lastTopic = undefined;
      })
      .catch(() => {});
  }

  function findSchema(topic: string, choice: AnyChoice): Promise<RegisteredSchema> {
    const name = schemaName(topic, choice.part ?? 'value');
    if (choice.useLatestVersion) return findLatestVersion(registry, formats, name, choice);
    if (choice.schema === undefined) return registry.schemaById(choice.schemaVersionId);
    const { dataFormat = 'AVRO', definition } = isTypedChoice(choice)
      ? choice.schema
      : { dataFormat: choice.dataFormat, definition: choice.schema };
    return registry.schemaByDefinition(name, dataFormat, definition, topic);
  }

  function writerOf(schema: RegisteredSchema, choice: AnyChoice): Writer {
    const own = isTypedChoice(choice) ? [choice.schema.format] : formats;
    return {
      schema,
      codec: compileCodec(schema, own, { framing, message: choice.message }),
      header: idIsInHeader ? noHeader : kind.header(schema, 'none'),
      zlibHeader: idIsInHeader ? noHeader : kind.header(schema, 'zlib'),
      askedIn: minute,
    };
  }

  async function loadWriter(topic: string, choice: AnyChoice): Promise<Writer> {
    const known = findWriter(topic, choice);
    if (known) return known;
    const schema = await findSchema(topic, choice);
    const key = writerKey(topic, choice);
    // Concurrent first records share one answer of the registry and one writer.
    const loaded = writers.get(key) ?? writerOf(schema, choice);
    writers.set(key, loaded);
    startMinute();
    return loaded;
  }

  function write(writer: Writer, value: unknown, choice: AnyChoice): Buffer {
    if (idIsInHeader) return writeWithIdHeader(writer, value, choice);
    const plain = frame(writer.header, writer.codec, value);
    if (compression === 'none') return plain;
    const deflated = deflateBody(plain.subarray(kind.headerBytes));
    return deflated ? Buffer.concat([writer.zlibHeader, deflated]) : plain;
  }

  function writeWithIdHeader(writer: Writer, value: unknown, choice: AnyChoice): Buffer {
    const { part = 'value', headers } = choice;
    if (headers === undefined)
      throw new TypeError(`schemaIdIn: 'header' needs the headers of the record in the choice`);
    const { schemaGuid, dataFormat } = writer.schema;
    if (schemaGuid === undefined)
      throw new RegistryRequestError(
        'schema ids in headers need GUIDs, which the registry does not give (Confluent Platform 8.0 does)',
      );
    const body = frame(noHeader, writer.codec, value);
    const start = dataFormat === 'PROTOBUF' ? messageIndexesEnd(body) : 0;
    headers[schemaIdHeaderName(part)] = schemaIdHeader(schemaGuid, body.subarray(0, start));
    return body.subarray(start);
  }

  return {
    async prepare(topic, choice) {
      return (await loadWriter(topic, choice)).schema;
    },
    async serialize(topic: string, value: unknown, choice: AnyChoice) {
      return write(await loadWriter(topic, choice), value, choice);
    },
    schemaSync: (topic, choice) => findWriter(topic, choice)?.schema,
    serializeSync(topic: string, value: unknown, choice: AnyChoice) {
      const writer = findWriter(topic, choice);
      return writer && write(writer, value, choice);
    },
  };
}

function writerKey(topic: string, choice: AnyChoice): string {
  const { part = 'value', message = '' } = choice;
  const chosen = isTypedChoice(choice)
    ? `typed ${numberOf(choice.schema)}`
    : (choice.schema ?? choice.schemaVersionId ?? '');
  if (choice.useLatestVersion) {
    const { latestCompatibilityStrict: strict = true, dataFormat = '' } = choice;
    return `latest ${strict} ${dataFormat}\0${part}\0${topic}\0${message}\0${chosen}`;
  }
  return `${part}\0${topic}\0${message}\0${chosen}`;
}

function isTypedChoice(choice: AnyChoice): choice is TypedChoice<never> {
  return typeof choice.schema === 'object';
}

// Typed schemas with one definition can differ in the representation of values, so the definition is not enough.
const numbers = new WeakMap<object, number>();
let count = 0;

function numberOf(schema: object): number {
  const known = numbers.get(schema);
  if (known !== undefined) return known;
  count += 1;
  numbers.set(schema, count);
  return count;
}
