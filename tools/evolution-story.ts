import { randomUUID } from 'node:crypto';
import { referenceOrder } from '@order-stream/local-stack/reference-order';
import { endOffsets, readAll } from '@order-stream/local-stack/topics';
import type { KafkaWriter } from '@order-stream/runtime';
import {
  createDeserializer,
  createSerializer,
  type RegisteredSchema,
  SchemaRefusedError,
  type SchemaRegistry,
  topicValueName,
} from '@order-stream/serde';
import { checkAvroCompatibility } from '@order-stream/serde/compatibility';

interface Stage {
  /** The demo uses partition 0. */
  topic: string;
  bootstrapServers: string;
  writer: KafkaWriter;
  registry: SchemaRegistry;
  /** Definition of the released order schema. */
  version1: string;
  say: (line: string) => void;
}

/**
 * Adds a field to the order. With `withDefault` the registry accepts the new version, and records of both versions are
 * read. Without a default the registry rejects the version.
 * @returns false if the registry rejected the version
 */
export async function showEvolution(stage: Stage, withDefault: boolean): Promise<boolean> {
  const { version1, say } = stage;
  const write = orderWriter(stage);

  say('1. The current order: order_id, ordered_at, user_id, order_items');
  await write(version1, fakeOrder());

  const field = { name: 'is_prime', type: 'boolean', ...(withDefault ? { default: false } : {}) };
  say(`2. A new field: ${JSON.stringify(field)}`);
  const version2 = withField(version1, field);
  const before = await endOffset(stage);
  try {
    await write(version2, { ...fakeOrder(), is_prime: true });
  } catch (error) {
    if (!(error instanceof SchemaRefusedError)) throw error;
    const named = error.versionNumber === undefined ? '' : ` (version ${error.versionNumber})`;
    say(`   the registry rejects it${named}: ${error.reason}`);
    sayReasons(version2, version1, say);
    const after = await endOffset(stage);
    say(`   the topic's end offset was ${before} and is ${after}: nothing was written`);
    return false;
  }

  say('3. Both versions, each read with its writer schema:');
  await showRecords(stage);
  return true;
}

/** Registers the schema before it writes to Kafka, as the producer does. */
function orderWriter({ topic, registry, writer, say }: Stage) {
  const serializer = createSerializer({ registry });
  return async (schema: string, order: { order_id: string; is_prime?: boolean }) => {
    const registered = await serializer.prepare(topic, { schema });
    say(`   schema ${topicValueName(topic, 'value')} ${nameOf(registered)}: AVAILABLE`);
    const key = Buffer.from(`{"order_id": "${order.order_id}"}`);
    const value = await serializer.serialize(topic, order, { schema });
    const record = { key, value, timestampMs: Date.now() };
    const deadline = performance.now() + 10_000;
    const offset = await new Promise<bigint>((written, failed) =>
      writer.append(topic, 0, record, deadline, written, failed),
    );
    say(`   written at offset ${offset}: ${JSON.stringify(order)}`);
  };
}

async function showRecords({ topic, bootstrapServers, registry, say }: Stage): Promise<void> {
  const deserializer = createDeserializer({ registry });
  for (const { partition, offset, value: framed } of await readAll(bootstrapServers, topic)) {
    if (partition !== 0 || framed === null) continue;
    const { value, schema } = await deserializer.deserialize(framed);
    say(`   offset ${offset}, ${nameOf(schema)}: ${JSON.stringify(value)}`);
  }
}

async function endOffset({ topic, bootstrapServers }: Stage): Promise<bigint | undefined> {
  return (await endOffsets(bootstrapServers, topic)).get(0);
}

/** Glue reports that a check failed, but not why. The compatibility check of serde does. */
function sayReasons(newSchema: string, previous: string, say: Stage['say']): void {
  const { incompatibilities } = checkAvroCompatibility({
    mode: 'BACKWARD',
    newSchema,
    previous: [previous],
  });
  for (const { type, location, message } of incompatibilities) {
    say(`   reason (BACKWARD): ${type} at ${location}: ${message}`);
  }
}

function nameOf({ versionNumber, schemaVersionId }: RegisteredSchema): string {
  return `version ${versionNumber} (${schemaVersionId})`;
}

function withField(definition: string, field: object): string {
  const schema = JSON.parse(definition) as { fields: object[] };
  return JSON.stringify({ ...schema, fields: [...schema.fields, field] });
}

function fakeOrder() {
  return { ...referenceOrder, order_id: randomUUID(), ordered_at: Date.now() };
}
