import { createKafkaWriter, partitionFor, SendOutcomeUnknownError } from '@order-stream/runtime';
import {
  createPlainJsonSerializer,
  createSerializer,
  topicName,
  topicValueName,
} from '@order-stream/serde';
import { openRegistry } from '@order-stream/serde/registry';
import type { Connection } from '../kafka/connection.ts';
import type { Outcome } from '../order-poster.ts';
import { wallClockMs } from '../wall-clock.ts';
import type { GeneratedRecord } from './datagen-generator.ts';
import type { DatagenConfig } from './datagen-variables.ts';

const deliveryTimeoutMs = 30_000;

/** A topic does not exist. */
export class MissingTopicError extends Error {
  readonly code = 'missing-topic';
  readonly retryable = true;
}

/**
 * Writes records whose schema is that of their topic. Registers the schemas, and learns the partitions.
 *
 * @param schemas topic → definition
 * @throws MissingTopicError | what the registry and the brokers say
 */
export async function createDatagenWriter(
  { client, logger }: Connection,
  config: DatagenConfig,
  schemas: ReadonlyMap<string, string>,
) {
  const registry =
    config.registry.kind === 'none'
      ? undefined
      : await openRegistry(config.registry, {
          autoRegistration: config.SCHEMA_AUTO_REGISTRATION,
          compatibility: config.SCHEMA_COMPATIBILITY,
          onSnapshotFault: (error) => logger.warn({ reason: error.message }, 'schema snapshot'),
        });
  const serializer =
    registry === undefined
      ? createPlainJsonSerializer()
      : createSerializer({
          registry,
          compression: config.SCHEMA_COMPRESSION,
          schemaName: config.SCHEMA_NAME_STRATEGY === 'topic' ? topicName : topicValueName,
        });
  const choices = new Map([...schemas].map(([topic, schema]) => [topic, { schema }]));
  const writer = createKafkaWriter(client, { logger, compression: config.COMPRESSION_TYPE });
  const topics = [...choices.keys()];
  async function close(): Promise<void> {
    await writer.close();
    registry?.close();
  }
  try {
    const found = await writer.refresh(topics);
    const missing = topics.filter((topic) => !found.has(topic));
    if (missing.length > 0)
      throw new MissingTopicError(
        `missing topics: ${missing.join(', ')}; \`orders topics create --topic NAME\` creates one`,
      );
    await writer.start(topics);
    for (const [topic, choice] of choices) await serializer.prepare(topic, choice);
  } catch (error) {
    await close();
    throw error;
  }

  return {
    /** Never rejects. */
    async write(topic: string, { key, value }: GeneratedRecord): Promise<Outcome> {
      const choice = choices.get(topic) as { schema: string };
      const keyBytes = Buffer.from(key);
      const partition = partitionFor(keyBytes, writer.partitionCount(topic) ?? 1);
      try {
        const record = {
          key: keyBytes,
          value: await serializer.serialize(topic, value, choice),
          timestampMs: wallClockMs(),
        };
        const deadline = performance.now() + deliveryTimeoutMs;
        await new Promise<bigint>((written, failed) =>
          writer.append(topic, partition, record, deadline, written, failed),
        );
        return { kind: 'acknowledged' };
      } catch (error) {
        return outcomeOf(error as Error);
      }
    },
    close,
  };
}

/** Only a lost answer leaves open whether the record was written. */
function outcomeOf(error: Error & { code?: unknown }): Outcome {
  const reason = typeof error.code === 'string' ? error.code : 'unexpected';
  return { kind: error instanceof SendOutcomeUnknownError ? 'unknown' : 'refused', reason };
}
