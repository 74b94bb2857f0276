import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { glueEnvironment, glueSettings } from '@order-stream/local-stack/glue-local';
import { createTopic, readAll, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { createLogger } from '@order-stream/runtime';
import { createSerializer } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { loadConsumerConfig } from '../../services/order-consumer/src/config.ts';
import { createRecordDeserializer } from '../../services/order-consumer/src/record-deserializer.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

const definitionOf = (...fields: object[]) =>
  JSON.stringify({ type: 'record', name: 'Payment', fields });
const id = { name: 'id', type: 'string' };
const cents = { name: 'cents', type: 'int' };
const currency = { name: 'currency', type: 'string', default: 'EUR' };
const first = definitionOf(id, cents);
const second = definitionOf(id, { ...cents, type: 'long' }, currency);
const third = definitionOf(id, currency, { name: 'note', type: 'string', default: '' });

const glue = createGlueRegistry({ ...glueSettings(registry), autoRegistration: true });

/** A topic whose records have several versions of a schema, and a consumer of it. */
async function startPayments(context: TestContext, READER_SCHEMA: string) {
  const topic = await createTopic(bootstrapServers, { partitions: 1, prefix: 'payments' });
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic, 1);
  const serializer = createSerializer({ registry: glue });
  async function write(value: object, schema: string) {
    const bytes = await serializer.serialize(topic, value, { schema });
    await writeRaw(bootstrapServers, topic, [{ value: bytes, partition: 0 }]);
  }
  await write({ id: 'a', cents: 1 }, first);
  await write({ id: 'b', cents: 2n ** 60n, currency: 'CZK' }, second);
  const consumer = await startConsumer({
    context,
    bootstrapServers,
    registry,
    topic,
    env: { READER_SCHEMA },
  });
  const values = async (count: number) => {
    await until(`${count} records are printed`, () => consumer.records().length === count);
    return consumer.records().map(({ value }) => ({ ...value }) as object);
  };
  return { write, values, consumer, deadLetterTopic };
}

test('with READER_SCHEMA=writer, old records are printed as they were written', async (context) => {
  const { values } = await startPayments(context, 'writer');
  assert.deepEqual(await values(2), [
    { id: 'a', cents: 1 },
    { id: 'b', cents: 2n ** 60n, currency: 'CZK' },
  ]);
});

test('with READER_SCHEMA=latest, old records have the fields of the latest version, and a newer version counts at once for its records', async (context) => {
  const { write, values } = await startPayments(context, 'latest');
  const known = [
    { id: 'a', cents: 1, currency: 'EUR' },
    { id: 'b', cents: 2n ** 60n, currency: 'CZK' },
  ];
  assert.deepEqual(await values(2), known);
  await write({ id: 'c', currency: 'PLN', note: 'new' }, third);
  assert.deepEqual(await values(3), [...known, { id: 'c', currency: 'PLN', note: 'new' }]);
});

test('with READER_SCHEMA=latest, a new version counts for old records without a restart', async (context) => {
  Object.assign(process.env, glueEnvironment(registry));
  let nowMs = performance.now();
  context.mock.method(performance, 'now', () => nowMs);
  context.mock.timers.enable({ apis: ['setInterval'] });
  const config = loadConsumerConfig({
    BOOTSTRAP_SERVERS: '127.0.0.1:1',
    AWS_REGION: 'us-east-1',
    READER_SCHEMA: 'latest',
  });
  const logger = createLogger({ name: 'reader-schema', level: 'fatal' });
  const { deserializerOf, close } = await createRecordDeserializer(config, logger);
  context.after(close);
  const serializer = createSerializer({ registry: glue });
  const old = await serializer.serialize('kept', { id: 'a', cents: 1 }, { schema: first });
  const read = async () => (await deserializerOf('kept').deserialize(old)).value;
  assert.deepEqual(await read(), { id: 'a', cents: 1 });
  await serializer.prepare('kept', { schema: second });
  assert.deepEqual(await read(), { id: 'a', cents: 1 });
  // After five minutes the client asks the registry again in the background, and a later minute notices the answer.
  nowMs += 4 * 60_000;
  while (!('currency' in ((await read()) as object))) {
    nowMs += 60_000;
    context.mock.timers.tick(60_000);
    await new Promise(setImmediate);
  }
  assert.deepEqual(await read(), { id: 'a', cents: 1, currency: 'EUR' });
});

test('with a file as READER_SCHEMA, records have its fields, and those that it cannot represent are dead letters', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'reader-schema-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'payment.avsc');
  // Only the second version has a currency.
  writeFileSync(file, definitionOf(id, { ...currency, default: undefined }));
  const { values, deadLetterTopic } = await startPayments(context, file);
  assert.deepEqual(await values(1), [{ id: 'b', currency: 'CZK' }]);
  const [letter] = await until('the dead letter is on the topic', async () => {
    const letters = await readAll(bootstrapServers, deadLetterTopic);
    return letters.length > 0 && letters;
  });
  assert.equal(String(letter?.headers['orders.dlq.reason']), 'undecodable');
  assert.equal(String(letter?.headers['orders.dlq.error-class']), 'ReaderSchemaMismatchError');
  assert.match(
    String(letter?.headers['orders.dlq.error-message']),
    /Payment lacks the field 'currency', which has no default$/,
  );
});

test('a READER_SCHEMA that is not an Avro schema ends the consumer with exit code 78 and the name of the variable', async () => {
  const consumer = await startConsumer({
    bootstrapServers,
    registry,
    topic: 'payments',
    env: { READER_SCHEMA: import.meta.filename },
    waitUntilReady: false,
  });
  assert.equal((await consumer.exited).code, 78);
  const problem = 'READER_SCHEMA must name a file with an Avro schema';
  assert.ok(consumer.stderr().some((line) => line.startsWith(`order-consumer: ${problem}`)));
});
