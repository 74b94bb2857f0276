import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { glueEnvironment } from '@order-stream/local-stack/glue-local';
import { freePort } from '@order-stream/local-stack/ports';
import { root } from '@order-stream/local-stack/state-folder';
import {
  committedOffsets,
  createTopic,
  endOffsets,
  rawKafka,
  writeRaw,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';

const { broker, registry } = await startBrokerAndRegistry();

async function backlog(count: number): Promise<string> {
  const topic = await createTopic(broker.bootstrapServers);
  await createDeadLetterTopic(broker.bootstrapServers, topic);
  const frame = await orderFramer(registry, topic);
  for (let first = 0; first < count; first += 5_000)
    await writeRaw(
      broker.bootstrapServers,
      topic,
      numberedOrders(first, Math.min(5_000, count - first)).map(frame),
    );
  return topic;
}

const start = (context: TestContext, topic: string, env: Record<string, string> = {}) =>
  startConsumer({
    context,
    bootstrapServers: broker.bootstrapServers,
    registry,
    topic,
    waitUntilReady: false,
    env,
  });

const committed = (topic: string) =>
  committedOffsets(broker.bootstrapServers, `${topic}-group-01`, topic);

/** The next offset of each partition, from the printed lines. */
function printedOffsets(consumers: Awaited<ReturnType<typeof start>>[]): Map<number, bigint> {
  const next = new Map<number, bigint>();
  for (const consumer of consumers)
    for (const { partition, offset } of consumer.records())
      if (BigInt(offset) >= (next.get(partition) ?? 0n)) next.set(partition, BigInt(offset) + 1n);
  return next;
}

test('P11 SIGTERM under load ends with exit code 0 within 25 s, and all printed records are committed', async (context) => {
  const topic = await backlog(30_000);
  const consumer = await start(context, topic);
  await until('lines flow', () => consumer.stdout().length > 0);
  const { code, signal } = await consumer.stop(25_000);
  assert.deepEqual([code, signal], [0, null]);
  assert.deepEqual(await committed(topic), printedOffsets([consumer]));

  const next = await start(context, topic);
  await until(
    'the rest is printed',
    () => consumer.stdout().length + next.stdout().length >= 30_000,
  );
  assert.equal((await next.stop()).code, 0);
  const offsets = new Set([...consumer.records(), ...next.records()].map(placeOf));
  assert.equal(offsets.size, 30_000);
  assert.equal(
    consumer.stdout().length + next.stdout().length,
    30_000,
    'no record is printed twice',
  );
});

test('P1 SIGKILL loses no record: uncommitted records are printed again, none is skipped', async (context) => {
  const topic = await backlog(30_000);
  const shortSession = { SESSION_TIMEOUT_MS: '10000' };
  const consumer = await start(context, topic, shortSession);
  await until('lines flow', () => consumer.stdout().length > 2_000);
  consumer.kill('SIGKILL');
  await consumer.exited;
  const before = printedOffsets([consumer]);
  for (const [partition, offset] of await committed(topic))
    assert.ok(offset <= (before.get(partition) ?? 0n), 'only printed records are committed');

  const next = await start(context, topic, shortSession);
  const all = (records: { partition: number; offset: number }[]) => new Set(records.map(placeOf));
  // The dead member keeps its partitions until its session expires.
  await until(
    'every offset was printed by one of the consumers',
    // A set of all records costs more than the rest of the test if it is made again and again while records are missing.
    () =>
      consumer.stdout().length + next.stdout().length >= 30_000 &&
      all([...consumer.records(), ...next.records()]).size === 30_000,
    90_000,
  );
  assert.equal((await next.stop()).code, 0);
  assert.deepEqual(await committed(topic), await endOffsets(broker.bootstrapServers, topic));
});

test('P11 SIGTERM while members wait for a dead member, to join or rejoin, ends with exit code 0 within 25 s', async (context) => {
  const topic = await backlog(60);
  // The group must wait for the dead member until the third has come.
  const env = { SESSION_TIMEOUT_MS: '120000' };
  const [member, dying] = await Promise.all([
    start(context, topic, env),
    start(context, topic, env),
  ]);
  const unready = async () =>
    (await member.faults('/readyz')).includes('the consumer has not joined the group');
  await until('both have joined', () =>
    [member, dying].every((one) => {
      const [last] = one.logged('joined the group').slice(-1);
      return Object.values(last?.assignment ?? {}).flat().length === 3;
    }),
  );
  dying.kill('SIGKILL');
  await dying.exited;
  const late = await start(context, topic, env);
  await until('the group waits for the dead member', async () => {
    const state = await groupState(`${topic}-group-01`);
    return state === 'PreparingRebalance' && (await unready());
  });
  const ends = await Promise.all([member.stop(25_000), late.stop(25_000)]);
  assert.deepEqual(
    ends.map(({ code, signal }) => [code, signal]),
    [
      [0, null],
      [0, null],
    ],
  );
  assert.deepEqual(late.logged('joined the group'), []);
});

async function groupState(groupId: string): Promise<string | undefined> {
  const admin = rawKafka(broker.bootstrapServers).admin();
  await admin.connect();
  try {
    return (await admin.describeGroups([groupId])).groups[0]?.state;
  } finally {
    await admin.disconnect();
  }
}

const placeOf = ({ partition, offset }: { partition: number; offset: number }) =>
  `${partition}/${offset}`;

/** Starts the service with a stdout that the test reads or closes. */
async function startUnread(context: TestContext, topic: string) {
  const managementPort = await freePort();
  const child = spawn(process.execPath, [join(root, 'services/order-consumer/src/main.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...glueEnvironment(registry),
      BOOTSTRAP_SERVERS: broker.bootstrapServers,
      TOPIC_NAMES: topic,
      HOST: '127.0.0.1',
      MANAGEMENT_PORT: String(managementPort),
      DRAIN_DELAY_MS: '0',
    },
  });
  context.after(() => child.kill('SIGKILL'));
  // 'exit' may come before the last line.
  const exited = once(child, 'close');
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const faults = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${managementPort}${path}`);
    return ((await answer.json()) as { faults: string[] }).faults;
  };
  return { child, exited, log, faults };
}

test('when the reader of stdout closes it, the service ends with a clear error and commits no undelivered record', async (context) => {
  const topic = await backlog(10_000);
  const { child, exited, log } = await startUnread(context, topic);
  child.stdout.destroy();
  const [code] = await exited;
  assert.equal(code, 1);
  assert.match(log.join(), /the reader of standard output is gone/);
  assert.deepEqual(await committed(topic), new Map());
});

test('while the reader of stdout pauses, readiness fails but not liveness, the consumer stays in the group, and no line is lost', async (context) => {
  const topic = await backlog(10_000);
  const { child, exited, log, faults } = await startUnread(context, topic);
  await until('readiness names the sink', async () =>
    (await faults('/readyz')).some((fault) =>
      fault.startsWith('the sink stdout has accepted nothing'),
    ),
  );
  assert.deepEqual(await faults('/healthz'), []);
  const places = new Set<string>();
  createInterface({ input: child.stdout }).on('line', (line) =>
    places.add(placeOf(JSON.parse(line))),
  );
  await until('every line was read', () => places.size === 10_000);
  await until('readiness succeeds', async () => (await faults('/readyz')).length === 0);
  assert.equal(log.filter((line) => line.includes('"msg":"joined the group"')).length, 1);
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  assert.deepEqual(await committed(topic), await endOffsets(broker.bootstrapServers, topic));
});
