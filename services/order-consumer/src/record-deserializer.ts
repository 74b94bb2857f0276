import { type Logger, registryRegionOf } from '@order-stream/runtime';
import {
  createDeserializer,
  createPlainJsonDeserializer,
  type Deserializer,
  withSnapshot,
} from '@order-stream/serde';
import { createConfluentRegistry } from '@order-stream/serde/confluent';
import { createGlueRegistry } from '@order-stream/serde/glue';
import type { ConsumerConfig } from './config.ts';

/** Reads values as `SCHEMA_REGISTRY` says. */
export type RecordDeserializer = {
  deserializer: Deserializer;
  /** Resolves when the registry answers. */
  checkRegistry(): Promise<void>;
  /** Not where a snapshot file has answers to go on with. */
  registryIsNeeded(): boolean;
  close(): void;
};

/**
 * With the other kind of registry configured as well, its records are read too: a topic can move from one to the other without
 * a day on which everybody changes.
 */
export function createRecordDeserializer(
  config: ConsumerConfig,
  logger: Logger,
): RecordDeserializer {
  if (config.SCHEMA_REGISTRY === 'none')
    return {
      deserializer: createPlainJsonDeserializer(),
      checkRegistry: async () => {},
      registryIsNeeded: () => false,
      close() {},
    };
  const registries = [glueRegistry(config), confluentRegistry(config)].filter(
    (registry) => registry !== undefined,
  );
  const primary = registries.find(({ framing }) => framing === config.SCHEMA_REGISTRY);
  if (!primary) throw new TypeError(`no ${config.SCHEMA_REGISTRY} registry is configured`);
  const other = registries.find((registry) => registry !== primary);

  const file = config.SCHEMA_SNAPSHOT_FILE;
  const onFault = (error: Error) => logger.warn({ reason: error.message }, 'schema snapshot');
  const remembering = file && withSnapshot(primary, { file, onFault });
  const rememberingOther = file && other && withSnapshot(other, { file: `${file}.other`, onFault });
  const secondary = other && createDeserializer({ registry: rememberingOther || other });
  return {
    deserializer: createDeserializer({
      registry: remembering || primary,
      ...(secondary && { secondary }),
    }),
    checkRegistry: () => primary.check(),
    registryIsNeeded: () => !remembering || remembering.snapshotAnswers() === 0,
    close() {
      for (const registry of registries) registry.close();
    },
  };
}

/** The client is made at its first call: where there are no Glue records, AWS is never asked. */
function glueRegistry(config: ConsumerConfig) {
  const region = registryRegionOf(config);
  if (region === undefined) return undefined;
  const assumeRoleArn = config.GLUE_ASSUME_ROLE_ARN;
  return createGlueRegistry({
    registryName: config.REGISTRY_NAME,
    region,
    ...(assumeRoleArn !== undefined && { assumeRoleArn }),
  });
}

function confluentRegistry({ SCHEMA_REGISTRY_URL: url }: ConsumerConfig) {
  return url === undefined ? undefined : createConfluentRegistry({ url });
}
