import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { startDynalite } from '@order-stream/local-stack/dynalite';
import { createTable, type Item } from '@order-stream/local-stack/order-table';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import {
  addPartitions,
  createTopic,
  isAllCommitted,
  readAll,
  writeRaw,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;
let store: Awaited<ReturnType<typeof startDynalite>>;
before(async () => {
  store = await startDynalite();
});
after(() => store.stop());

async function startTopic(context: TestContext) {
  const topic = await createTopic(bootstrapServers);
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic);
  const table = await createTable(store.endpoint);
  const startSink = (env: Record<string, string> = {}) =>
    startConsumer({
      ...{ bootstrapServers, registry, topic, context },
      env: { ...store.environment, SINKS: 'dynamodb', DYNAMODB_TABLE: table.name, ...env },
    });
  return { topic, deadLetterTopic, table, startSink };
}

test('S1-05 S1-06 posted orders become items, a tombstone deletes its item, and a rejected record is one dead letter', async (context) => {
  const { topic, deadLetterTopic, table, startSink } = await startTopic(context);
  const producer = await startProducer({ bootstrapServers, registry, topic });
  context.after(() => producer.kill());
  const consumer = await startSink({ TOMBSTONES: 'delete' });
  const order = {
    order_id: randomUUID(),
    ordered_at: 1_680_745_813_045,
    user_id: 'ů',
    order_items: [{ product_id: '9223372036854775807', quantity: 2 }],
  };
  const { body } = await producer.post(order);
  const stored = await until('the order is stored', async () =>
    (await table.items()).get(order.order_id),
  );
  const { _timestamp, ...rest } = stored;
  assert.deepEqual(rest, {
    order_id: { S: order.order_id },
    ordered_at: { N: '1680745813045' },
    user_id: { S: 'ů' },
    order_items: {
      L: [{ M: { product_id: { N: '9223372036854775807' }, quantity: { N: '2' } } }],
    },
    _topic: { S: topic },
    _partition: { N: String(body.partition) },
    _offset: { N: String(body.offset) },
  });
  assert.match(_timestamp?.N ?? '', /^\d{13}$/);

  const frame = await orderFramer(registry, topic);
  const keyless = frame({ ...order, order_items: [], order_id: '' } as never);
  const key = `{"order_id": "${order.order_id}"}`;
  await writeRaw(bootstrapServers, topic, [keyless, { key, value: null }]);
  await until('the item is deleted', async () => (await table.items()).size === 0);
  const [letter, ...more] = await until('a dead letter', async () => {
    const letters = await readAll(bootstrapServers, deadLetterTopic);
    return letters.length > 0 && letters;
  });
  assert.deepEqual(more, []);
  const header = (name: string) => String(letter?.headers[`orders.dlq.${name}`]);
  assert.deepEqual(['reason', 'sink', 'error-class', 'error-message'].map(header), [
    'rejected',
    'dynamodb',
    'ItemRejectedError',
    '/order_id: expected at least one byte, got an empty value',
  ]);
  await until('all is committed', () =>
    isAllCommitted(bootstrapServers, `${topic}-group-01`, topic),
  );
  assert.deepEqual(await consumer.stop(25_000), { code: 0, signal: null });
});

/** Posts version after version of some orders, each after the one before it was acknowledged. */
function startVersions(context: TestContext, producer: Pick<ProducerProcess, 'post'>) {
  const newest = new Map<string, { version: number; partition: number }>();
  const partitions = new Set<number>();
  let isPosting = true;
  const lane = async () => {
    const ids = Array.from({ length: 5 }, () => randomUUID() as string);
    for (let version = 1; isPosting; version += 1)
      for (const order_id of ids) {
        const order_items = [{ product_id: 1, quantity: version }];
        const { status, body } = await producer.post({ order_id, user_id: 'x', order_items });
        assert.equal(status, 201);
        newest.set(order_id, { version, partition: body.partition as number });
        partitions.add(body.partition as number);
        await pause(30);
      }
  };
  const lanes = Promise.all(Array.from({ length: 6 }, lane));
  const stop = async () => {
    isPosting = false;
    await lanes;
  };
  context.after(stop);
  return { newest, partitions, stop };
}

test('S1-05 a topic that gets more partitions under load: the later record wins, also when the old ones are replayed', async (context) => {
  const { topic, deadLetterTopic, table, startSink } = await startTopic(context);
  const producer = await startProducer({ bootstrapServers, registry, topic });
  context.after(() => producer.kill());
  const group = { GROUP_ID: `${topic}-first` };
  const members = [await startSink(group), await startSink(group)];
  const load = startVersions(context, producer);
  const versionOf = (item: Item | undefined) =>
    Number(item?.order_items?.L?.[0]?.M?.quantity?.N ?? 0);
  const before = new Map<string, number>();
  /** No item may become older from one look to the next. */
  const look = async () => {
    const items = await table.items();
    for (const [id, version] of before)
      assert.ok(versionOf(items.get(id)) >= version, `${id} was version ${version}`);
    for (const [id, item] of items) before.set(id, versionOf(item));
    return items;
  };

  await until('every order is stored', async () => (await look()).size === 30);
  await addPartitions(bootstrapServers, topic, 12);
  const stored = () => table.items();
  await until(
    'items come from the new partitions',
    async () => [...(await stored()).values()].some(({ _partition }) => Number(_partition?.N) > 5),
    60_000,
  );
  await look();
  // Everything again, from the first version on, while the load goes on.
  const replay = { GROUP_ID: `${topic}-replay` };
  members.push(await startSink(replay));
  for (let looks = 0; looks < 5; looks += 1) {
    await look();
    await pause(200);
  }
  await load.stop();
  for (const { GROUP_ID } of [group, replay])
    await until(
      `${GROUP_ID} has committed everything`,
      async () => {
        await look();
        return isAllCommitted(bootstrapServers, GROUP_ID, topic);
      },
      60_000,
    );
  const items = await look();
  for (const [id, { version, partition }] of load.newest) {
    const item = items.get(id);
    assert.equal(versionOf(item), version, id);
    assert.equal(item?._partition?.N, String(partition), id);
  }
  assert.equal(items.size, load.newest.size);
  assert.ok([...load.partitions].some((partition) => partition > 5));
  assert.deepEqual(await readAll(bootstrapServers, deadLetterTopic), []);
  for (const member of members)
    assert.deepEqual(await member.stop(25_000), { code: 0, signal: null });
});
