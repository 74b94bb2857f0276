import type { Logger } from '@order-stream/runtime';
import {
  createPlainJsonSerializer,
  createSerializer,
  topicName,
  topicValueName,
} from '@order-stream/serde';
import { openRegistry } from '@order-stream/serde/registry';
import type { ProducerConfig } from './config.ts';

/** Writes values as `SCHEMA_REGISTRY` says. */
export async function createOrderSerializer(config: ProducerConfig, logger: Logger) {
  if (config.registry.kind === 'none') {
    const serializer = createPlainJsonSerializer();
    return { serializer, contentType: 'application/json', close() {} };
  }
  const registry = await openRegistry(config.registry, {
    autoRegistration: config.SCHEMA_AUTO_REGISTRATION,
    compatibility: config.SCHEMA_COMPATIBILITY,
    onSnapshotFault: (error) => logger.warn({ reason: error.message }, 'schema snapshot'),
  });
  const serializer = createSerializer({
    registry,
    compression: config.SCHEMA_COMPRESSION,
    schemaName: config.SCHEMA_NAME_STRATEGY === 'topic' ? topicName : topicValueName,
  });
  return { serializer, contentType: 'application/avro', close: registry.close };
}
