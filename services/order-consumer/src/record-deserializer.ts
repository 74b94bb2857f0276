import type { Logger } from '@order-stream/runtime';
import {
  avroFormat,
  createDeserializer,
  createPlainJsonDeserializer,
  type Deserializer,
  type ReaderSchemaChoice,
} from '@order-stream/serde';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';
import { protobufFormat } from '@order-stream/serde/protobuf';
import { type OpenRegistry, openRegistry } from '@order-stream/serde/registry';
import type { ConsumerConfig } from './config.ts';
import { createLatestSchemas } from './latest-schemas.ts';
import { readerSchemaFromFile } from './reader-schema.ts';

const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat()];
/** The registry's clients ask again for a latest version that is 5 minutes old. */
const refreshMs = 60_000;

/**
 * Reads values as `SCHEMA_REGISTRY`, `UNFRAMED_VALUES` and `READER_SCHEMA` say.
 *
 * With a second registry, its records are read as well, so that a topic can move from one kind to the other without all
 * services changing on one day. It is off unless configured: otherwise, a byte that looks like the other frame would wait
 * for a registry that does not exist.
 */
export async function createRecordDeserializer(config: ConsumerConfig, logger: Logger) {
  const { registry: primary, secondaryRegistry: secondary, readerSchema } = config;
  if (primary.kind === 'none') {
    const plainJson = createPlainJsonDeserializer();
    return {
      deserializerOf: () => plainJson,
      keys: undefined,
      checkRegistry: async () => {},
      registryIsNeeded: () => false,
      close() {},
    };
  }
  const onSnapshotFault = (error: Error) =>
    logger.warn({ reason: error.message }, 'schema snapshot');
  const registry = await openRegistry(primary, { onSnapshotFault });
  const other =
    secondary.kind === 'none' ? undefined : await openRegistry(secondary, { onSnapshotFault });

  function deserializerWith(
    choiceFor: (registry: OpenRegistry) => ReaderSchemaChoice | undefined,
    unframed: 'json' | 'refuse' = config.UNFRAMED_VALUES === 'json' ? 'json' : 'refuse',
  ): Deserializer {
    const of = (one: OpenRegistry, secondary?: Deserializer) => {
      const choice = choiceFor(one);
      // The setting is for Avro values: records of the other formats are read as written.
      const readerSchema: ReaderSchemaChoice | undefined =
        choice && ((writer) => (writer.dataFormat === 'AVRO' ? choice(writer) : undefined));
      return createDeserializer({
        registry: one,
        formats,
        unframed,
        ...(readerSchema && { readerSchema }),
        ...(secondary && { secondary }),
      });
    };
    return of(registry, other && of(other));
  }

  function close() {
    registry.close();
    other?.close();
  }
  const parts = {
    /** Keys have schemas of their own, so they are read as written. */
    keys: deserializerWith(() => undefined, 'refuse'),
    /** Resolves when the registry answers. */
    checkRegistry: registry.check,
    /** `false` when a snapshot file has answers to continue with. */
    registryIsNeeded: () => registry.snapshotAnswers() === 0,
  };

  if (readerSchema !== 'latest') {
    const choice = readerSchema === 'writer' ? undefined : readerSchemaFromFile(readerSchema);
    const deserializer = deserializerWith(() => choice);
    return { ...parts, deserializerOf: (_topic: string) => deserializer, close };
  }

  const byTopic = new Map<string, Deserializer>();
  const latest = createLatestSchemas(({ name, versionNumber }) => {
    logger.info({ schema: name, versionNumber }, 'records are read by a newer schema version');
    byTopic.clear();
  });
  const refreshing = setInterval(() => void latest.refresh(), refreshMs).unref();
  return {
    ...parts,
    deserializerOf(topic: string) {
      const known = byTopic.get(topic);
      if (known) return known;
      const created = deserializerWith((one) => latest.choiceFor(topic, one));
      byTopic.set(topic, created);
      return created;
    },
    close() {
      clearInterval(refreshing);
      close();
    },
  };
}
