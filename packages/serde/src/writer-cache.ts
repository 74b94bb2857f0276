import { type Codec, compileCodec, type SchemaFormat } from './codec.ts';
import { findLatestVersion } from './latest-version.ts';
import { unknownName } from './option-checks.ts';
import { createBoundedMap } from './registry/bounded-map.ts';
import type { SchemaNaming } from './registry/schema-name.ts';
import { idOf, type RegisteredSchema } from './registry/schema-registry.ts';
import { type AnyChoice, checkChoice, choiceShapes, type EveryChoice } from './schema-choice.ts';
import type { WriterRegistry } from './serializer-options.ts';
import { isTyped } from './typed-schema.ts';
import { writerKey } from './writer-key.ts';

/** What writes the values of a choice. */
export interface Writer extends WrittenWith {
  readonly schema: RegisteredSchema;
  readonly codec: Codec;
  /** The minute in which the registry was last asked for the definition's version. */
  askedIn: number;
}

/** The headers of a writer's frames. */
export interface WrittenWith {
  readonly header: Buffer;
  readonly zlibHeader: Buffer;
}

interface WriterSources {
  registry: WriterRegistry;
  formats: readonly SchemaFormat[];
  schemaName: SchemaNaming;
  cacheSize: number;
  headersOf(schema: RegisteredSchema): WrittenWith;
}

// How long until a change of a name's version is noticed, in addition to the time in the registry's cache.
const askAgainMs = 60_000;

/** Finds the writers of choices, and keeps them. */
export function createWriterCache(sources: WriterSources) {
  const { registry, formats, schemaName, cacheSize, headersOf } = sources;
  const { framing } = registry;
  const writers = createBoundedMap<string, Writer>(cacheSize);
  let minute = 0;
  let minuteRuns = false;
  // Records come in runs of one topic and schema. These comparisons avoid the lookup in the Map.
  let lastTopic: string | undefined;
  let lastSchema: AnyChoice['schema'];
  let lastVersionId: string | undefined;
  let lastDataFormat: string | undefined;
  let lastPart: string | undefined;
  let lastMessage: string | undefined;
  let lastWriter: Writer | undefined;

  function forgetLast(): void {
    lastTopic = undefined;
    // Without this, `undefined` as the topic would find it.
    lastWriter = undefined;
  }

  /**
   * The writer of a choice; `undefined` while its version is not known, or if `checkChoice` refuses the choice.
   *
   * @throws TypeError there is no choice
   */
  function find(topic: string, choice: AnyChoice): Writer | undefined {
    if (choice === undefined || choice === null) checkChoice(topic, choice);
    if (unknownName(choice as EveryChoice & Record<string, unknown>, choiceShapes))
      return undefined;
    const { schema, schemaVersionId, message, part } = choice;
    const { dataFormat, latestCompatibilityStrict, useLatestVersion } = choice as EveryChoice;
    if (
      (useLatestVersion === undefined || useLatestVersion === false) &&
      schema === lastSchema &&
      topic === lastTopic &&
      part === lastPart &&
      message === lastMessage &&
      schemaVersionId === lastVersionId &&
      dataFormat === lastDataFormat &&
      latestCompatibilityStrict === undefined
    ) {
      return lastWriter;
    }
    const writer = writers.get(writerKey(topic, choice));
    if (writer) {
      if (writer.askedIn !== minute) askAgain(topic, choice, writer);
      if (useLatestVersion) return writer;
      lastTopic = topic;
      lastSchema = schema;
      lastVersionId = schemaVersionId;
      lastDataFormat = dataFormat;
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
      forgetLast();
    }, askAgainMs).unref();
  }

  /** Refreshes in the background: a definition that was registered again has a new version. A failure changes nothing. */
  function askAgain(topic: string, choice: AnyChoice, writer: Writer): void {
    writer.askedIn = minute;
    startMinute();
    // A copy: the caller may change its object before the answer comes.
    const asked = { ...choice };
    findSchema(topic, asked)
      .then((schema) => {
        if (idOf(schema) === idOf(writer.schema)) return;
        writers.set(writerKey(topic, asked), writerOf(schema, asked));
        forgetLast();
      })
      .catch(() => {});
  }

  function findSchema(topic: string, choice: AnyChoice): Promise<RegisteredSchema> {
    const name = schemaName(topic, choice.part ?? 'value');
    if (choice.useLatestVersion)
      return findLatestVersion(registry, formatsOf(choice), name, choice);
    const { schema } = choice;
    if (schema === undefined) return registry.schemaById(choice.schemaVersionId);
    const { dataFormat = 'AVRO', definition } = isTyped(schema)
      ? schema
      : { dataFormat: (choice as EveryChoice).dataFormat, definition: schema };
    return registry.schemaByDefinition(name, dataFormat, definition, topic);
  }

  function writerOf(schema: RegisteredSchema, choice: AnyChoice): Writer {
    if (choice.message !== undefined && schema.dataFormat !== 'PROTOBUF')
      throw new TypeError(
        `schema choice: message is the name of a Protobuf message, and the schema is ${schema.dataFormat}`,
      );
    return {
      schema,
      codec: compileCodec(schema, formatsOf(choice), { framing, message: choice.message }),
      ...headersOf(schema),
      askedIn: minute,
    };
  }

  function formatsOf({ schema }: AnyChoice): readonly SchemaFormat[] {
    return isTyped(schema) ? [schema.format] : formats;
  }

  /**
   * As `find`, and asks the registry if the version is not known.
   *
   * @throws TypeError the choice does not name one schema, or names a message of another format than Protobuf
   */
  async function load(topic: string, choice: AnyChoice): Promise<Writer> {
    const known = find(topic, choice);
    if (known) return known;
    checkChoice(topic, choice);
    const asked = { ...choice };
    const schema = await findSchema(topic, asked);
    const key = writerKey(topic, asked);
    // Concurrent first records share one answer of the registry and one writer.
    const loaded = writers.get(key) ?? writerOf(schema, asked);
    writers.set(key, loaded);
    startMinute();
    return loaded;
  }

  return { find, load };
}
