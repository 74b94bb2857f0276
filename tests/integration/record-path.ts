import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { glueEnvironment, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { parseExactJson } from '@order-stream/local-stack/parse-exact-json';
import { createLogger } from '@order-stream/runtime';
import {
  avroFormat,
  type Compression,
  createSerializer,
  type SchemaChoice,
  type SchemaNaming,
} from '@order-stream/serde';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';
import { protobufFormat } from '@order-stream/serde/protobuf';
import { openRegistry, type RegistrySettings } from '@order-stream/serde/registry';
import type { KafkaMessage } from 'kafkajs';
import { loadConsumerConfig } from '../../services/order-consumer/src/config.ts';
import { createRecordDecoder } from '../../services/order-consumer/src/record-decoder.ts';
import { createRecordDeserializer } from '../../services/order-consumer/src/record-deserializer.ts';
import { JsonWriter } from '../../services/order-consumer/src/sinks/json-writer.ts';
import { createLinePrinter } from '../../services/order-consumer/src/sinks/record-line.ts';

type Fields = Partial<Pick<KafkaMessage, 'key' | 'value' | 'headers'>>;

/** What became of a record: the fields of its line, or why it was refused. */
export type Outcome =
  | { key: unknown; value: unknown; headers: unknown }
  | { refused: string; error: string; schemaVersionId?: string };

/**
 * The consumer's own path from bytes to lines, without Kafka: configuration, registry clients, decoder, printer. The Glue
 * registry is `glue-local`; the Confluent-compatible one answers from the versions that `confluent` lists by id.
 */
export async function startRecordPath(confluent: Record<string, object> = {}) {
  const glue = await startGlueLocal();
  // The AWS SDK reads them itself.
  Object.assign(process.env, glueEnvironment(glue));
  const server = createServer(({ url = '' }, response) => {
    const answer = confluent[/\/schemas\/ids\/(\d+)$/.exec(url)?.[1] ?? ''];
    const notFound = { error_code: 40403, message: 'not found' };
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? notFound));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const confluentUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat()];

  /** Registers the schema in Glue, and frames values of it. */
  async function framed(
    value: unknown,
    choice: SchemaChoice & { registryName?: string; schemaName?: SchemaNaming },
    { topic = 'orders', compression = 'none' as Compression } = {},
  ): Promise<Buffer> {
    const { registryName = 'customer', schemaName, ...schema } = choice;
    const settings: RegistrySettings = { kind: 'glue', registryName, region: 'us-east-1' };
    const registry = await openRegistry(settings, { autoRegistration: true });
    const naming = schemaName && { schemaName };
    const serializer = createSerializer({ registry, formats, compression, ...naming });
    const bytes = await serializer.serialize(topic, value, schema);
    registry.close();
    return bytes;
  }

  /** Frames a value of a version that the Confluent-compatible registry has. */
  async function framedById(value: unknown, id: number, message?: string): Promise<Buffer> {
    const registry = await openRegistry({ kind: 'confluent', url: confluentUrl });
    const serializer = createSerializer({ registry, formats });
    const named = message === undefined ? {} : { message };
    return await serializer.serialize('orders', value, { schemaVersionId: String(id), ...named });
  }

  /** The outcomes of the records, in order. With the same environment, the consumer is the same. */
  async function outcomes(
    records: readonly Fields[],
    env: Record<string, string> = {},
    topic = 'orders',
  ): Promise<Outcome[]> {
    const config = loadConsumerConfig({
      BOOTSTRAP_SERVERS: '127.0.0.1:1',
      AWS_REGION: 'us-east-1',
      SCHEMA_REGISTRY_URL: confluentUrl,
      ...env,
    });
    const logger = createLogger({ name: 'record-path', level: 'fatal' });
    const { deserializerOf, keys, close } = await createRecordDeserializer(config, logger);
    const decodeRun = createRecordDecoder({ deserializerOf, keys, tombstones: config.TOMBSTONES });
    const print = createLinePrinter();
    const messages = records.map(
      (fields, index): KafkaMessage => ({
        key: null,
        value: null,
        headers: {},
        timestamp: '1680745813045',
        attributes: 0,
        offset: String(index),
        ...fields,
      }),
    );
    const found = new Map<string, Outcome>();
    try {
      for (let at = 0; at < messages.length; ) {
        const run = await decodeRun(topic, messages, at);
        for (const delivery of run.deliveries) {
          const out = new JsonWriter();
          print(out, topic, 0, delivery);
          const line = parseExactJson(out.written().toString()) as Record<string, unknown>;
          const { key, value, headers } = line;
          found.set(delivery.record.offset, { key, value, headers });
        }
        for (const { record, reason, error } of run.refusals) {
          const { schemaVersionId } = error as { schemaVersionId?: string };
          const version = schemaVersionId === undefined ? {} : { schemaVersionId };
          found.set(record.offset, { refused: reason, error: error.name, ...version });
        }
        at = run.next;
      }
    } finally {
      close();
    }
    return [...found].sort(([a], [b]) => Number(a) - Number(b)).map(([, outcome]) => outcome);
  }

  return {
    framed,
    framedById,
    outcomes,
    /** The value of the only record as it is printed. Fails if it was refused. */
    async printed(value: Buffer, env?: Record<string, string>, topic?: string): Promise<unknown> {
      const [outcome] = await outcomes([{ value }], env, topic);
      if (outcome === undefined || 'refused' in outcome)
        throw new Error(`the record was not decoded: ${JSON.stringify(outcome)}`);
      return outcome.value;
    },
    /** Why the only record becomes a dead letter: reason and error class. */
    async refusal(value: Buffer, env?: Record<string, string>): Promise<string> {
      const [outcome] = await outcomes([{ value }], env);
      if (outcome === undefined || !('refused' in outcome))
        throw new Error('expected a refused record, got a line');
      return `${outcome.refused} ${outcome.error}`;
    },
    glueEndpoint: glue.endpoint,
    stopGlue: () => glue.close(),
    async close() {
      server.closeAllConnections();
      server.close();
      await glue.close();
    },
  };
}
