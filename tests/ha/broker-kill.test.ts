import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Answer, startProducer } from '@order-stream/local-stack/producer';
import { rawKafka, readAll } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import kafkajs, { type Admin } from 'kafkajs';
import { type ComposeStack, composeStack } from '../compose/compose-stack.ts';
import { startLoad } from '../operation/order-load.ts';

const brokers = ['kafka', 'kafka-2', 'kafka-3'];
const services = [...brokers, 'glue-local', 'topics', 'producer', 'consumer'];
/** Enough lanes that some still post while others wait for the lost leader. */
const lanes = 100;

let stack: ComposeStack;
let admin: Admin;
/** The bootstrap servers without the killed broker. */
let alive: string;

before(async () => {
  stack = await composeStack({ flags: ['--env-file', 'docker/ha.env'], brokers: 3 });
  await stack.up(services);
  admin = rawKafka(stack.kafkaServers).admin();
  await admin.connect();
});

after(async () => {
  await admin?.disconnect();
  await stack.end();
});

async function partitions() {
  const { topics } = await admin.fetchTopicMetadata({ topics: ['orders'] });
  return topics[0]?.partitions ?? [];
}

async function readOrders() {
  const records = await readAll(alive, 'orders');
  const ids = records.map(({ key }) => (JSON.parse(String(key)) as { order_id: string }).order_id);
  return { records, onTopic: new Set(ids) };
}

async function requireInSync(replicas: number): Promise<void> {
  const configEntries = [{ name: 'min.insync.replicas', value: String(replicas) }];
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: 'orders', configEntries }];
  await admin.alterConfigs({ validateOnly: false, resources });
}

async function post(order: object) {
  const response = await stack.postOrder(order);
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as Answer };
}

test('S3-14 with profile ha, three brokers have every partition of the orders, and a write requires two in-sync replicas', async () => {
  await until('every replica is in sync', async () =>
    (await partitions()).every(({ isr }) => isr.length === 3),
  );
  for (const { replicas } of await partitions()) assert.equal(replicas.length, 3);
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: 'orders' }],
  });
  const minimum = resources[0]?.configEntries.find(
    ({ configName }) => configName === 'min.insync.replicas',
  );
  assert.equal(minimum?.configValue, '2');
});

test('S3-14 when one of three brokers is killed under load, every order answered 201 is on the topic, and orders flow again', async (context) => {
  const before = await partitions();
  const victim = before[0]?.leader as number;
  alive = stack.kafkaServers
    .split(',')
    .filter((_, index) => index !== victim - 1)
    .join();
  const orphaned = before.filter(({ leader }) => leader === victim).map((one) => one.partitionId);
  const load = startLoad(context, { post }, { lanes, perSecond: Number.POSITIVE_INFINITY });
  await until('500 orders are acknowledged', () => load.acknowledged().length >= 500);

  const killedMs = Date.now();
  await stack.compose('kill', '--signal', 'SIGKILL', brokers[victim - 1] as string);
  await until(
    'every partition of the killed leader takes orders again',
    () =>
      orphaned.every((partition) =>
        load
          .acknowledged()
          .some(
            ({ partition: written, sentAtMs, tookMs }) =>
              written === partition && sentAtMs + tookMs > killedMs + 500,
          ),
      ),
    60_000,
  );
  const goal = load.acknowledged().length + 5_000;
  await until(
    '5000 more orders are acknowledged',
    () => load.acknowledged().length >= goal,
    60_000,
  );
  await load.stop();

  const { records, onTopic } = await readOrders();
  const lost = load.acknowledged().filter(({ id }) => !onTopic.has(id));
  const waited = load.acknowledged().filter(({ tookMs }) => tookMs > 1_000);
  const lastTrouble = Math.max(...[...load.rejected(), ...waited].map(({ sentAtMs }) => sentAtMs));
  context.diagnostic(
    `${load.acknowledged().length} acknowledged, ${load.rejected().length} rejected, ${lost.length} lost, ` +
      `${records.length - onTopic.size} written twice; the last rejected or slow (> 1 s) order was sent ${lastTrouble - killedMs} ms after the kill`,
  );
  assert.deepEqual(lost, []);
  for (const rejection of load.rejected()) {
    assert.equal(rejection.status, 503, rejection.problem);
    assert.ok(rejection.retryAfter !== null);
  }
});

test('too few in-sync replicas: every order is answered broker-unavailable, none is in doubt, and the first write ends the fault', async (context) => {
  const startOwnProducer = async () => {
    const producer = await startProducer({
      bootstrapServers: alive,
      registry: { endpoint: `http://127.0.0.1:${stack.ports.GLUE_LOCAL_PORT}` },
      topic: 'orders',
      env: { REQUEST_TIMEOUT_MS: '2000' },
    });
    context.after(() => producer.kill());
    const load = startLoad(context, producer, { perSecond: 50 });
    const refused = () =>
      until('readiness names the refusal', async () =>
        (await producer.faults('/readyz')).includes(
          'the brokers refuse every write: not enough replicas',
        ),
      );
    return { producer, load, refused };
  };
  const earlier = await startOwnProducer();
  await earlier.load.flows(50);
  await requireInSync(3);
  // Orders that wait for a replica at this moment are in doubt. The next producer has none of them.
  await earlier.refused();
  await earlier.load.stop();

  const { producer, load, refused } = await startOwnProducer();
  await refused();
  await until('orders are rejected', () => load.rejected().length > 8);
  await requireInSync(2);
  await load.flows(50);
  assert.deepEqual(await producer.faults('/readyz'), []);
  await load.stop();
  const problems = new Set(load.rejected().map(({ problem }) => problem));
  assert.deepEqual([...problems], ['broker-unavailable']);
  const { onTopic } = await readOrders();
  const isOnTopic = ({ id }: { id: string }) => onTopic.has(id);
  assert.ok(earlier.load.acknowledged().every(isOnTopic));
  assert.ok(load.acknowledged().every(isOnTopic));
  assert.ok(!load.rejected().some(isOnTopic));
});

test('S3-14 the killed broker restarts and catches up with the others', async () => {
  await stack.compose('start', ...brokers);
  await until(
    'every replica is in sync again',
    async () => (await partitions()).every(({ isr }) => isr.length === 3),
    60_000,
  );
});
