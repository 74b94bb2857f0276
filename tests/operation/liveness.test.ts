import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { after, suite, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  type PrintedRecord,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { glueEnvironment } from '@order-stream/local-stack/glue-local';
import { startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { freePort } from '@order-stream/local-stack/ports';
import { root } from '@order-stream/local-stack/state-folder';
import { createTopic, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { limitFetches } from './client-quota.ts';
import { assertAllConsumed, assertObserved } from './observer.ts';

const heldForMs = 120_000;
/** Two minutes are held; starts, writes and prints before and after take their time on a slow machine. */
const timeout = 360_000;

const [{ broker, registry }, limitedBroker] = await Promise.all([
  startBrokerAndRegistry(),
  startOwnBroker(),
]);
after(() => limitedBroker.stop());

/** Creates a topic. `write` adds so many orders to each of its partitions, and returns their ids. */
async function ordersTopic(bootstrapServers: string, partitions: number) {
  const topic = await createTopic(bootstrapServers, { partitions });
  await createDeadLetterTopic(bootstrapServers, topic, partitions);
  const frame = await orderFramer(registry, topic);
  let written = 0;
  return {
    topic,
    async write(ordersInEach: number): Promise<string[]> {
      const orders = numberedOrders(written, partitions * ordersInEach);
      written += orders.length;
      // Batches of 100 orders: a batch that exceeds the quota's window of 11 s can never be read.
      for (let first = 0; first < orders.length; first += 100 * partitions) {
        const next = orders.slice(first, first + 100 * partitions);
        const records = next.map((order, at) => ({ ...frame(order), partition: at % partitions }));
        await writeRaw(bootstrapServers, topic, records);
      }
      return orders.map((order) => order.order_id);
    },
  };
}

/** Collects the faults of `/healthz` and the answers of `observe` for two minutes. */
async function hold(managementUrl: string, observe: () => number) {
  const startedAt = performance.now();
  const faults = new Set<string>();
  let half = 0;
  await until(
    'two minutes pass',
    async () => {
      const passedMs = performance.now() - startedAt;
      const answer = await fetch(`${managementUrl}/healthz`);
      for (const fault of ((await answer.json()) as { faults: string[] }).faults)
        faults.add(`${fault} (${Math.round(passedMs / 1_000)} s)`);
      if (passedMs < heldForMs / 2) half = observe();
      return passedMs >= heldForMs;
    },
    heldForMs + 30_000,
  );
  return { faults: [...faults], atHalf: half, atEnd: observe() };
}

const consumed = (topic: string, ids: readonly string[], records: () => PrintedRecord[]) =>
  assertAllConsumed(
    { acknowledged: () => ids.map((id) => ({ id }) as never), inDoubt: () => [] },
    [{ records }],
    { topic, once: true },
  );

/** Reads 1 kB of the stream each second. */
function readSlowly(stream: Readable): {
  bytes: () => number;
  stop: () => void;
  text: () => string;
} {
  const chunks: Buffer[] = [];
  const take = (size?: number) => {
    const chunk = stream.read(size) as Buffer | null;
    if (chunk !== null) chunks.push(chunk);
  };
  const timer = setInterval(() => take(1_024), 1_000);
  return {
    bytes: () => chunks.reduce((sum, { length }) => sum + length, 0),
    stop() {
      clearInterval(timer);
      take();
    },
    text: () => Buffer.concat(chunks).toString(),
  };
}

suite('liveness', { concurrency: true }, () => {
  test('F09 under a quota of 10 kB/s, liveness stays green for two minutes while records come out', {
    timeout,
  }, async (context) => {
    const { bootstrapServers } = limitedBroker;
    const limit = (bytes: number) => limitFetches(bootstrapServers, 'order-consumer', bytes);
    const { topic, write } = await ordersTopic(bootstrapServers, 6);
    // The broker counts a client's bytes only while a quota exists.
    await limit(1e9);
    const consumer = await startConsumer({ context, bootstrapServers, registry, topic });
    const printed = () => consumer.stdout().length;
    // About a minute of the quota at once: the first fetch afterwards is delayed for longer than the group's session.
    const ids = await write(1_000);
    await until('all are printed', () => printed() === ids.length);
    await limit(10_000);
    ids.push(...(await write(4_000)));
    const held = await hold(consumer.managementUrl, printed);
    assert.deepEqual(held.faults, []);
    assert.ok(held.atHalf > 0 && held.atEnd > held.atHalf, 'records come out');
    assert.ok(held.atEnd < ids.length, 'the quota holds');
    await until('the metric shows the quota', async () => {
      return (await consumer.metric('orders_consumer_throttling_brokers')) === 1;
    });
    await limit(1e9);
    await until('all are printed', () => printed() >= ids.length, 60_000);
    await consumed(topic, ids, consumer.records);
    const groupId = `${topic}-group-01`;
    await assertObserved([consumer], { bootstrapServers, groupId, topics: [topic] });
    assert.equal(await consumer.metric('orders_rebalances_total'), 1);
  });

  test('F09 while stdout is read at 1 kB/s, liveness stays green for two minutes while records come out', {
    timeout,
  }, async (context) => {
    const { bootstrapServers } = broker;
    const { topic, write } = await ordersTopic(bootstrapServers, 12);
    const ids = await write(140);
    const managementPort = await freePort();
    const managementUrl = `http://127.0.0.1:${managementPort}`;
    const child: ChildProcessByStdio<null, Readable, Readable> = spawn(
      process.execPath,
      [join(root, 'services/order-consumer/src/main.ts')],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          ...glueEnvironment(registry),
          BOOTSTRAP_SERVERS: bootstrapServers,
          TOPIC_NAMES: topic,
          HOST: '127.0.0.1',
          MANAGEMENT_PORT: String(managementPort),
        },
      },
    );
    context.after(() => child.kill('SIGKILL'));
    const log: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
    const slow = readSlowly(child.stdout);
    context.after(slow.stop);
    await until('records come out', () => slow.bytes() > 0, 60_000);
    const held = await hold(managementUrl, slow.bytes);
    assert.deepEqual(held.faults, []);
    assert.ok(held.atHalf > 0 && held.atEnd > held.atHalf, 'records come out');
    slow.stop();
    let printed = slow.text();
    assert.ok(printed.split('\n').length < ids.length, 'the sink holds');
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
    });
    const records = () =>
      printed
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as PrintedRecord);
    await consumed(topic, ids, records);
    const faults = async (path: string) => {
      const answer = await fetch(`${managementUrl}${path}`);
      return ((await answer.json()) as { faults: string[] }).faults;
    };
    const groupId = `${topic}-group-01`;
    const where = { bootstrapServers, groupId, topics: [topic] };
    await assertObserved([{ faults, managementUrl }], where);
    assert.equal(log.filter((line) => line.includes('"msg":"joined the group"')).length, 1);
  });
});
