import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { glueEnvironment, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { createLogger } from '@order-stream/runtime';
import { createGlueRegistry } from '@order-stream/serde/glue';
import type { KafkaMessage } from 'kafkajs';
import { loadConsumerConfig } from '../../services/order-consumer/src/config.ts';
import type { Delivery } from '../../services/order-consumer/src/delivery.ts';
import { createRecordDecoder } from '../../services/order-consumer/src/record-decoder.ts';
import { createRecordDeserializer } from '../../services/order-consumer/src/record-deserializer.ts';
import { createItemChanges } from '../../services/order-consumer/src/sinks/dynamodb/item-change.ts';
import { JsonWriter } from '../../services/order-consumer/src/sinks/json-writer.ts';
import { createLinePrinter } from '../../services/order-consumer/src/sinks/record-line.ts';
import { linesOfSink } from './connect-lines.ts';
import { type ConnectorFormat, type RowEvents, startRowEvents } from './row-events.ts';

const registryName = 'legopoc';

/** What the sinks make of one record. */
export interface Stored {
  /** The line of stdout, parsed. */
  line: Record<string, unknown>;
  /** The line of a JSON file. Undefined for a tombstone. */
  file: string | undefined;
  /** The item of DynamoDB, without the position. */
  item?: Record<string, AttributeValue>;
  /** The key of the item that is deleted. */
  deleted?: AttributeValue;
  /** Why the record has no item. */
  refused?: string;
}

/** How the consumer is set to read a format. */
export const readerOf = (format: ConnectorFormat, confluentUrl: string): Record<string, string> =>
  ({
    glue: {},
    confluent: { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: confluentUrl },
    json: { UNFRAMED_VALUES: 'json' },
    'json-with-schemas': { SCHEMA_REGISTRY: 'none' },
  })[format];

/**
 * The consumer's own path from the bytes that connectors write to what its sinks store: configuration, registry clients,
 * decoder, printers, item changes. Without Kafka and stores.
 */
export async function startConnectorSinks() {
  const glue = await startGlueLocal();
  // The AWS SDK reads them itself.
  Object.assign(process.env, glueEnvironment(glue));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const settings = { registryName, region: 'us-east-1', endpoint: glue.endpoint, credentials };
  await createGlueRegistry({ ...settings, autoRegistration: true }).ensureRegistry();
  const rows = await startRowEvents(glue.endpoint, registryName).catch(async (error) => {
    await glue.close();
    throw error;
  });

  async function stored(
    topic: string,
    records: readonly Pick<KafkaMessage, 'key' | 'value'>[],
    env: Record<string, string>,
  ): Promise<Stored[]> {
    const config = loadConsumerConfig({
      BOOTSTRAP_SERVERS: '127.0.0.1:1',
      AWS_REGION: 'us-east-1',
      REGISTRY_NAME: registryName,
      TOMBSTONES: 'delete',
      DYNAMODB_KEY: 'id',
      DYNAMODB_TOMBSTONE_KEY: '/id',
      ...env,
    });
    const logger = createLogger({ name: 'connector-sinks', level: 'fatal' });
    const { deserializerOf, keys, close } = await createRecordDeserializer(config, logger);
    const { TOMBSTONES: tombstones } = config;
    const decodeRun = createRecordDecoder({ deserializerOf, keys, tombstones });
    const print = createLinePrinter();
    const changeOf = createItemChanges({
      key: config.DYNAMODB_KEY,
      tombstoneKey: config.DYNAMODB_TOMBSTONE_KEY,
      tombstones,
    });
    const messages = records.map(
      (record, index): KafkaMessage => ({
        headers: {},
        timestamp: '1680745813045',
        attributes: 0,
        offset: String(index),
        ...record,
      }),
    );
    const changed = (delivery: Delivery): Pick<Stored, 'item' | 'deleted' | 'refused'> => {
      try {
        const change = changeOf(delivery, topic, 0);
        if (change === undefined) return {};
        if (change.item === undefined)
          return { deleted: change.key[config.DYNAMODB_KEY] as AttributeValue };
        const { _topic, _partition, _offset, _timestamp, ...item } = change.item;
        return { item };
      } catch (error) {
        return { refused: (error as Error).message };
      }
    };
    const found: Stored[] = [];
    try {
      for (let at = 0; at < messages.length; ) {
        const { deliveries, refusals, next } = await decodeRun(topic, messages, at);
        if (refusals[0] !== undefined) throw refusals[0].error;
        for (const delivery of deliveries) {
          const out = new JsonWriter();
          print(out, topic, 0, delivery);
          const { schema } = delivery;
          const [file] = schema ? linesOfSink([{ ...delivery, schema }]) : [];
          const line = JSON.parse(out.written().toString(), digits as never);
          found.push({ line, file, ...changed(delivery) });
        }
        at = next;
      }
    } finally {
      close();
    }
    return found;
  }

  return {
    endpoint: glue.endpoint,
    recordsOf: rows.recordsOf,
    /** `env`: variables of the consumer beside those for the format. */
    async storedEvents(events: RowEvents, env: Record<string, string> = {}): Promise<Stored[]> {
      return this.storedRecords(events, await rows.recordsOf(events), env);
    },
    storedRecords(
      { topic, converter }: Pick<RowEvents, 'topic' | 'converter'>,
      records: Awaited<ReturnType<typeof rows.recordsOf>>,
      env: Record<string, string> = {},
    ): Promise<Stored[]> {
      return stored(topic, records, { ...readerOf(converter, rows.confluentUrl), ...env });
    },
    async close() {
      await rows.close();
      await glue.close();
    },
  };
}

/** Numbers as their digits in an object, so that nothing is rounded and no text looks like a number. */
export function digits(_key: string, value: unknown, { source }: { source: string }): unknown {
  return typeof value === 'number' ? { digits: source } : value;
}
