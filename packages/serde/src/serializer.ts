import { avroFormat } from './avro/avro.ts';
import { frameOf } from './frames/frame-kinds.ts';
import { createFrameWriter, createIdHeaderWriter } from './record-writer.ts';
import { topicValueName } from './registry/schema-name.ts';
import type { RegisteredSchema } from './registry/schema-registry.ts';
import type { AnyChoice, SchemaChoice, TypedChoice } from './schema-choice.ts';
import { checkSerializerOptions, type SerializerOptions } from './serializer-options.ts';
import { createWriterCache } from './writer-cache.ts';

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
   * @throws TypeError the choice is not one of a schema; with `schemaIdIn: 'header'` it has no `headers`
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

  /**
   * The schema that `serializeSync` writes with now, or `undefined` while the version is not known.
   *
   * @throws TypeError there is no choice
   */
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

/**
 * The writing half; `createDeserializer` mirrors it. For each record: find the writer of its schema, encode after the
 * header in a slab, compress if configured and smaller.
 *
 * @throws TypeError an option is not what it may be, or does not go with the registry's frame
 */
export function createSerializer(options: SerializerOptions): Serializer {
  checkSerializerOptions(options);
  const { registry, formats = [avroFormat()], schemaIdIn = 'prefix' } = options;
  const { schemaName = topicValueName, compression = 'none', cacheSize = 1_000 } = options;
  const { framing } = registry;
  const kind = frameOf(registry);
  if (schemaIdIn === 'header' && framing !== 'confluent')
    throw new TypeError('schema ids in headers need a Confluent-compatible registry');
  if (!kind.compressions.includes(compression)) {
    throw new TypeError(`a ${framing} frame does not support compression ${compression}`);
  }
  const { write, headersOf } =
    schemaIdIn === 'header' ? createIdHeaderWriter() : createFrameWriter(kind, compression);
  const writers = createWriterCache({ registry, formats, schemaName, cacheSize, headersOf });

  return {
    async prepare(topic, choice) {
      return (await writers.load(topic, choice)).schema;
    },
    async serialize(topic: string, value: unknown, choice: AnyChoice) {
      return write(await writers.load(topic, choice), value, choice);
    },
    schemaSync: (topic, choice) => writers.find(topic, choice)?.schema,
    serializeSync(topic: string, value: unknown, choice: AnyChoice) {
      const writer = writers.find(topic, choice);
      return writer && write(writer, value, choice);
    },
  };
}
