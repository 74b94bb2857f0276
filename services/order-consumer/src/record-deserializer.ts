import type { Logger } from '@order-stream/runtime';
import { createDeserializer, createPlainJsonDeserializer } from '@order-stream/serde';
import { openRegistry } from '@order-stream/serde/registry';
import type { ConsumerConfig } from './config.ts';

/**
 * Reads values as `SCHEMA_REGISTRY` says.
 *
 * With a second registry, its records are read as well, so that a topic can move from one kind to the other without all
 * services changing on one day. It is off unless configured: otherwise, a byte that looks like the other frame would wait
 * for a registry that does not exist.
 */
export async function createRecordDeserializer(
  { registry: primary, secondaryRegistry: secondary }: ConsumerConfig,
  logger: Logger,
) {
  if (primary.kind === 'none')
    return {
      deserializer: createPlainJsonDeserializer(),
      checkRegistry: async () => {},
      registryIsNeeded: () => false,
      close() {},
    };
  const onSnapshotFault = (error: Error) =>
    logger.warn({ reason: error.message }, 'schema snapshot');
  const registry = await openRegistry(primary, { onSnapshotFault });
  const other =
    secondary.kind === 'none' ? undefined : await openRegistry(secondary, { onSnapshotFault });
  return {
    deserializer: createDeserializer({
      registry,
      ...(other && { secondary: createDeserializer({ registry: other }) }),
    }),
    /** Resolves when the registry answers. */
    checkRegistry: registry.check,
    /** `false` when a snapshot file has answers to continue with. */
    registryIsNeeded: () => registry.snapshotAnswers() === 0,
    close() {
      registry.close();
      other?.close();
    },
  };
}
