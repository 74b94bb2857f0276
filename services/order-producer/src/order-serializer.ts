import { type Logger, registryRegionOf } from '@order-stream/runtime';
import {
  createPlainJsonSerializer,
  createSerializer,
  type Serializer,
  topicName,
  topicValueName,
  withSnapshot,
} from '@order-stream/serde';
import {
  type ConfluentCompatibility,
  createConfluentRegistry,
} from '@order-stream/serde/confluent';
import { createGlueRegistry } from '@order-stream/serde/glue';
import type { ProducerConfig } from './config.ts';

/** Writes values as `SCHEMA_REGISTRY` says. */
export interface OrderSerializer {
  serializer: Serializer;
  contentType: string;
  close(): void;
}

export function createOrderSerializer(config: ProducerConfig, logger: Logger): OrderSerializer {
  if (config.SCHEMA_REGISTRY === 'none') {
    const serializer = createPlainJsonSerializer();
    return { serializer, contentType: 'application/json', close() {} };
  }
  const connected = createRegistry(config);
  const file = config.SCHEMA_SNAPSHOT_FILE;
  const onFault = (error: Error) => logger.warn({ reason: error.message }, 'schema snapshot');
  const serializer = createSerializer({
    registry: file === undefined ? connected : withSnapshot(connected, { file, onFault }),
    compression: config.SCHEMA_COMPRESSION,
    schemaName: config.SCHEMA_NAME_STRATEGY === 'topic' ? topicName : topicValueName,
  });
  return { serializer, contentType: 'application/avro', close: () => connected.close() };
}

function createRegistry(config: ProducerConfig) {
  const autoRegistration = config.SCHEMA_AUTO_REGISTRATION;
  if (config.SCHEMA_REGISTRY === 'confluent')
    return createConfluentRegistry({
      url: config.SCHEMA_REGISTRY_URL as string,
      autoRegistration,
      compatibility: config.SCHEMA_COMPATIBILITY as ConfluentCompatibility,
    });
  const assumeRoleArn = config.GLUE_ASSUME_ROLE_ARN;
  return createGlueRegistry({
    registryName: config.REGISTRY_NAME,
    region: registryRegionOf(config) as string,
    ...(assumeRoleArn !== undefined && { assumeRoleArn }),
    autoRegistration,
    compatibility: config.SCHEMA_COMPATIBILITY,
  });
}
