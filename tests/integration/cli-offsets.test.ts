import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import {
  committedOffsets,
  createTopic,
  isAllCommitted,
  rawKafka,
  recreateTopic,
  writeRaw,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { fetchPythonLibrary } from '../conformance/python-library.ts';
import { foreignView, lagOf } from '../operation/foreign-view.ts';
import { createOrdersRun, jsonLines } from './orders-command.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;
const { run, start } = createOrdersRun({ BOOTSTRAP_SERVERS: bootstrapServers });

interface LagLine {
  state: string;
  topic: string;
  partition: number;
  committed: number | null;
  end: number;
  lag_records: number;
  lag_seconds: number | null;
  open_transaction_records: number;
  member: { client_id: string; member_id: string } | null;
}

/** A topic with orders in each of three partitions, and a consumer that has read all of them. */
async function readOrders(context: TestContext) {
  const topic = await createTopic(bootstrapServers, { partitions: 3 });
  await createDeadLetterTopic(bootstrapServers, topic, 3);
  const frame = await orderFramer(registry, topic);
  const write = (first: number, count: number) =>
    writeRaw(
      bootstrapServers,
      topic,
      numberedOrders(first, count).map((order, index) => ({
        ...frame(order),
        partition: index % 3,
      })),
    );
  await write(0, 30);
  const groupId = `${topic}-group-01`;
  const startAgain = () => startConsumer({ context, bootstrapServers, registry, topic });
  const consumer = await startAgain();
  await until('all are committed', () => isAllCommitted(bootstrapServers, groupId, topic));
  return { topic, groupId, consumer, write, startAgain, env: { TOPIC_NAMES: topic } };
}

test('offsets are not moved while the group has members, which are named; then by a dry run, and by --yes', async (context) => {
  const { topic, groupId, consumer, startAgain, env } = await readOrders(context);
  const refused = await run(['offsets', 'reset', '--to', 'earliest', '--yes'], env);
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    new RegExp(
      `^orders offsets reset: group ${groupId} is not empty, stop its members first: order-consumer\\S* at \\S+ \\(\\S+\\)\n$`,
    ),
  );
  const committed = () => committedOffsets(bootstrapServers, groupId, topic);
  const before = await committed();
  await consumer.stop();

  const dry = await run(['offsets', 'reset', '--to', 'earliest'], env);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /^TOPIC +PARTITION +FROM +TO +RECORDS$/m);
  assert.match(dry.stdout, new RegExp(`^${topic} +0 +10 +0 +-10$`, 'm'));
  assert.match(dry.stdout, /Nothing was written: add --yes to commit\n$/);
  assert.deepEqual(await committed(), before);

  const one = ['offsets', 'reset', '--yes', '--json', '--partition', '1', '--to', '4'];
  const moved = await run(one, env);
  assert.deepEqual(jsonLines(moved.stdout), [
    { group: groupId, dry_run: false, topic, partition: 1, from: 10, to: 4 },
  ]);
  assert.deepEqual((await committed()).get(1), 4n);
  assert.deepEqual((await committed()).get(0), 10n);

  const shown = await run(['offsets', 'show', '--json'], env);
  const lines = jsonLines<{ partition: number; committed: number; metadata: string; fault: null }>(
    shown.stdout,
  );
  assert.deepEqual(
    lines.map(({ committed: offset, fault }) => [offset, fault]),
    [
      [10, null],
      [4, null],
      [10, null],
    ],
  );
  assert.match(lines[1]?.metadata ?? '', /^topic-id=\S+$/, 'no mark of a sink');
  assert.match(
    (await run(['offsets', 'show'], env)).stdout,
    /^group \S+: Empty, 0 members\n\nTOPIC/,
  );

  // The service goes on at the new offset.
  const again = await startAgain();
  await until('the six are printed again', () => again.stdout().length === 6);
  assert.deepEqual(
    again.records().map(({ partition, offset }) => [partition, offset]),
    [4, 5, 6, 7, 8, 9].map((offset) => [1, offset]),
  );
  await again.stop();
});

test('offsets are moved to a time or the end, for a group that does not exist as well, and never outside the log', async (context) => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const producer = rawKafka(bootstrapServers).producer({ allowAutoTopicCreation: false });
  context.after(() => producer.disconnect());
  await producer.connect();
  const now = Date.now();
  for (const hours of [3, 2, 1])
    await producer.send({
      topic,
      messages: [{ value: 'x', timestamp: String(now - hours * 3_600_000) }],
    });
  const moveTo = async (to: string) => {
    const moved = await run([
      ...['offsets', 'reset', '--topic', topic, '--group', topic, '--yes', '--json'],
      ...['--to', to],
    ]);
    assert.equal(moved.code, 0, moved.stderr);
    return (await committedOffsets(bootstrapServers, topic, topic)).get(0);
  };
  assert.equal(await moveTo('-90m'), 2n);
  assert.equal(await moveTo(new Date(now - 150 * 60_000).toISOString()), 1n);
  assert.equal(await moveTo('latest'), 3n);
  assert.equal(await moveTo('earliest'), 0n);
  assert.equal(await moveTo('-1m'), 3n);
  const outside = await run([
    ...['offsets', 'reset', '--topic', topic, '--group', topic, '--to', '4', '--yes'],
  ]);
  assert.equal(outside.code, 1);
  assert.match(outside.stderr, /has the offsets 0 to 3, not 4\n$/);
});

test('a commit of a topic that was deleted is shown as such', async (context) => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  await writeRaw(bootstrapServers, topic, [{ value: 'x' }]);
  const flags = ['--topic', topic, '--group', topic];
  await run(['offsets', 'reset', ...flags, '--to', 'latest', '--yes']);
  // The broker deletes the commits of a topic with it.
  const metadata = 'topic-id=AAAAAAAAAAAAAAAAAAAAAA';
  await recreateTopic(bootstrapServers, topic, { partitions: 1 });
  const admin = rawKafka(bootstrapServers).admin();
  context.after(() => admin.disconnect());
  await admin.connect();
  await admin.commitOffsets({
    groupId: topic,
    topics: [{ topic, partitions: [{ partition: 0, offset: '1', metadata }] }],
  });
  const [line] = jsonLines<{ fault: string }>(
    (await run(['offsets', 'show', ...flags, '--json'])).stdout,
  );
  assert.equal(line?.fault, 'of a topic that was deleted');
});

test('the lag is what another client says, with the owner of each partition, and records of open transactions apart', async (context) => {
  const { topic, groupId, consumer, write, env } = await readOrders(context);
  const lag = async () => jsonLines<LagLine>((await run(['lag', '--json'], env)).stdout);
  const running = await lag();
  assert.deepEqual(
    running.map(({ state, lag_records, lag_seconds }) => [state, lag_records, lag_seconds]),
    Array.from({ length: 3 }, () => ['Stable', 0, 0]),
  );
  assert.equal(new Set(running.map(({ member }) => member?.member_id)).size, 1);
  assert.match(running[0]?.member?.client_id ?? '', /^order-consumer/);
  await consumer.stop();

  // The broker ends a transaction after a minute, so the other client is fetched before it begins.
  await fetchPythonLibrary();
  const writtenAt = Date.now();
  await write(30, 20);
  const producer = rawKafka(bootstrapServers).producer({
    transactionalId: topic,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  context.after(() => producer.disconnect());
  await producer.connect();
  const open = await producer.transaction();
  await open.send({ topic, messages: [{ value: 'x', partition: 2 }] });
  const behind = await lag();
  const theirs = await foreignView(bootstrapServers, groupId, [topic]);
  for (const one of behind) {
    const other = theirs.partitions.find(({ partition }) => partition === one.partition);
    assert.ok(other);
    assert.equal(one.lag_records, lagOf(other));
    assert.equal(one.committed, other.committed);
    assert.equal(one.end, other.stable);
    assert.equal(one.open_transaction_records, other.end - other.stable);
    assert.ok((one.lag_seconds ?? -1) >= 0);
    assert.ok((one.lag_seconds ?? -1) <= (Date.now() - writtenAt) / 1000);
    assert.equal(one.member, null);
  }
  assert.equal(behind.at(-1)?.open_transaction_records, 1);
  await open.abort();
  const table = await run(['lag'], env);
  assert.match(table.stdout, new RegExp(`^group ${groupId}: Empty, 0 members, lag \\d+ records`));
  assert.match(table.stdout, /^TOPIC +PARTITION +COMMITTED +END +LAG +SECONDS +OPEN TXN +MEMBER$/m);

  const watching = start(['lag', '--watch', '--interval', '1', '--json'], env);
  await until('it was measured twice', () => jsonLines(watching.stdout()).length >= 6);
  watching.stop();
  assert.equal((await watching.ended).code, 0);
});

test('a missing topic is named', async () => {
  for (const command of [['lag'], ['offsets', 'show'], ['offsets', 'reset', '--to', 'latest']]) {
    const { code, stderr } = await run([...command, '--topic', 'no-such-topic']);
    assert.equal(code, 1);
    assert.match(stderr, /: topic no-such-topic does not exist/);
  }
});
