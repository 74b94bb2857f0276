import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, type TestContext, test } from 'node:test';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { type LocalRegistry, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { createTopicNamed, endOffsets, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { type ChangeEvent, startChangeEvents } from './change-events.ts';
import type { ForeignProcess } from './foreign-process.ts';

// Each title begins with a row of docs/records.md.

const registryName = 'legopoc';
let broker: Broker;
let registry: LocalRegistry;
let java: ForeignProcess;
before(async () => {
  [broker, registry] = await Promise.all([startBroker(), startGlueLocal()]);
  const { endpoint } = registry;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const settings = { registryName, region: 'us-east-1', endpoint, credentials };
  await createGlueRegistry({ ...settings, autoRegistration: true }).ensureRegistry();
  java = await startChangeEvents(endpoint);
});
after(async () => {
  await java?.close();
  await registry?.close();
  await broker?.stop();
});

type Connector = 'postgresql' | 'mysql';

/** What the consumer prints of a row that is inserted, updated and deleted. Nothing becomes a dead letter. */
async function printedChanges(
  context: TestContext,
  connector: Connector,
  converter: 'avro' | 'json',
  env: Record<string, string>,
  lines: number,
) {
  const { bootstrapServers } = broker;
  // The schema has the topic's name.
  const topic = `fullfillment.test_db.person-${randomUUID()}`;
  await createTopicNamed(bootstrapServers, topic, { partitions: 1 });
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic, 1);
  const request = { topic, registry: registryName, connector, converter };
  const { records } = await java.call<{ records: ChangeEvent[] }>(request);
  assert.equal(records.length, 4);
  await writeRaw(
    bootstrapServers,
    topic,
    records.map(({ key, value }) => ({
      key: key && Buffer.from(key, 'base64'),
      value: value === null ? null : Buffer.from(value, 'base64'),
      partition: 0,
    })),
  );
  const consumer = await startConsumer({
    context,
    bootstrapServers,
    registry,
    topic,
    env: { REGISTRY_NAME: registryName, ...env },
  });
  await until('the events are printed', () => consumer.records().length === lines);
  assert.equal((await consumer.stop()).code, 0);
  assert.deepEqual([...(await endOffsets(bootstrapServers, deadLetterTopic)).values()], [0n]);
  return consumer.records().map(({ key, value }) => ({ key, value: value && { ...value } }));
}

const added = (connector: Connector, op: string) => ({
  __deleted: op === 'd' ? 'true' : 'false',
  __op: op,
  __db: 'devdb',
  __table: 'cdc_events',
  ...(connector === 'postgresql' && { __schema: 'ods', __lsn: 24023128 }),
  __source_ts_ms: 1680745813045,
});
/** As JSON has them. Decimal: the unscaled bytes. Date: days. Timestamp: milliseconds. */
const inserted = {
  id: 1,
  big: 2n ** 63n - 1n,
  name: 'Žluťoučký',
  price: '+zI=',
  born: 19453,
  changed: 1680745813045,
  seen: '2023-04-06T01:50:13.045Z',
  state: 'new',
  extra: '{"a":1}',
};
/** As they are printed of Avro, whose schema says which numbers are dates and timestamps. */
const insertedAvro = { ...inserted, born: '2023-04-06', changed: '2023-04-06T01:50:13.045' };
const nothing = { name: null, born: null, changed: null, seen: null, state: null, extra: null };
const updated = { ...inserted, ...nothing, big: 0, price: 'AA==' };

for (const connector of ['postgresql', 'mysql'] as const) {
  test(`S2-05 S4-01 S4-08 Debezium row, Avro: the consumer reads what the Glue converter wrote for ${connector}, with the fields that were added`, async (context) => {
    const lines = await printedChanges(context, connector, 'avro', {}, 3);
    assert.deepEqual(
      lines.map(({ value }) => value),
      [
        { ...insertedAvro, ...added(connector, 'c') },
        { ...updated, ...added(connector, 'u') },
        { ...updated, ...added(connector, 'd') },
      ],
    );
  });

  test(`S2-05 S4-01 Debezium row, JSON: the consumer reads what Connect’s JsonConverter wrote for ${connector}, beside a registry`, async (context) => {
    const env = { UNFRAMED_VALUES: 'json' };
    const lines = await printedChanges(context, connector, 'json', env, 3);
    assert.deepEqual(
      lines.map(({ key, value }) => [key, value]),
      [
        ['{"id":1}', { ...inserted, ...added(connector, 'c') }],
        ['{"id":1}', { ...updated, ...added(connector, 'u') }],
        ['{"id":1}', { ...updated, ...added(connector, 'd') }],
      ],
    );
  });
}

test('S2-05 Debezium delete: the deleted row and the tombstone after it are delivered', async (context) => {
  const env = { TOMBSTONES: 'delete' };
  const lines = await printedChanges(context, 'postgresql', 'avro', env, 4);
  const [row, tombstone] = lines.slice(2);
  assert.deepEqual(row?.value, { ...updated, ...added('postgresql', 'd') });
  assert.equal(tombstone?.value, null);
  assert.deepEqual(tombstone?.key, row?.key);
});
