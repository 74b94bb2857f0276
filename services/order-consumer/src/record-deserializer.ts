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
export interface RecordDeserializer {
  deserializer: Deserializer;
  /** Resolves when the registry answers. */
  checkRegistry(): Promise<void>;
  /** Not where a snapshot file has answers to go on with. */
  registryIsNeeded(): boolean;
  close(): void;
}

/**
 * With a second registry its records are read too: a topic can move from one kind to the other without a day on which everybody
 * changes. Only where it is asked for: a byte that looks like its frame would wait for a registry that nobody runs.
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
  const second = config.SECONDARY_SCHEMA_REGISTRY;
  const primary = createRegistry(config.SCHEMA_REGISTRY, config);
  const other = second === 'none' ? undefined : createRegistry(second, config);

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
      primary.close();
      other?.close();
    },
  };
}

function createRegistry(kind: 'glue' | 'confluent', config: ConsumerConfig) {
  if (kind === 'confluent')
    return createConfluentRegistry({ url: config.SCHEMA_REGISTRY_URL as string });
  const assumeRoleArn = config.GLUE_ASSUME_ROLE_ARN;
  return createGlueRegistry({
    registryName: config.REGISTRY_NAME,
    region: registryRegionOf(config) as string,
    ...(assumeRoleArn !== undefined && { assumeRoleArn }),
  });
}
