import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import {
  createTopic,
  endOffsets,
  type RawRecord,
  rawKafka,
  readAll,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import type { KafkaMessage } from 'kafkajs';
import { sourcePosition } from '../../services/order-consumer/src/sinks/dynamodb/source-position.ts';
import { createOrdersRunWith, jsonLines } from './orders-command.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;
const { run, start } = createOrdersRunWith(bootstrapServers, registry);

interface Letter {
  partition: number;
  offset: number;
  timestamp: string;
  reason: string;
  error: { name: string };
  origin: { topic: string; partition: number; offset: number; timestamp: string };
  replayed: number;
}

/** The position that the DynamoDB sink orders a record by. */
const positionInSinks = (topic: string, record: RawRecord) =>
  sourcePosition(
    {
      offset: String(record.offset),
      timestamp: String(record.timestampMs),
      headers: record.headers,
    } as KafkaMessage,
    topic,
    record.partition,
  );

/** Writes poison of three keys, and lets the consumer dead-letter it. */
async function deadLetters(context: TestContext, env: Record<string, string> = {}) {
  const topic = await createTopic(bootstrapServers, { partitions: 3 });
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic, 3);
  const frame = await orderFramer(registry, topic);
  const [order] = numberedOrders(0, 1).map(frame) as [{ key: Buffer; value: Buffer }];
  const cut = order.value.subarray(0, order.value.length - 3);
  const producer = rawKafka(bootstrapServers).producer({ allowAutoTopicCreation: false });
  context.after(() => producer.disconnect());
  await producer.connect();
  const keys = ['ann', 'bob', 'eve'];
  for (let version = 0; version < 4; version += 1)
    await producer.send({
      topic,
      messages: keys.map((key) => ({
        key,
        value: version === 3 ? null : Buffer.concat([cut, Buffer.from([0x80, version])]),
        headers: {
          version: String(version),
          bytes: Buffer.from([0xff, version]),
          twice: ['a', 'b'],
          // As if another program had marked its record.
          'orders.dlq.offset': 'mine',
        },
      })),
    });
  const consumer = await startConsumer({
    context,
    bootstrapServers,
    registry,
    topic,
    env: { TOMBSTONES: 'dlq', ...env },
  });
  await until(
    'all are dead letters',
    async () => (await consumer.metric('orders_dlq_messages_total')) === 12,
  );
  return { topic, deadLetterTopic, consumer, dlq: ['--dlq', deadLetterTopic], keys };
}

test('ls counts and lists the dead letters of the consumer, and show has one with its bytes', async (context) => {
  const { topic, deadLetterTopic, consumer, dlq } = await deadLetters(context);
  await consumer.stop();
  const letters = jsonLines<Letter>((await run(['dlq', 'ls', ...dlq, '--json'])).stdout);
  assert.equal(letters.length, 12);
  const times = letters.map(({ timestamp }) => timestamp);
  assert.deepEqual(times, times.toSorted(), 'the oldest first');
  const raw = await readAll(bootstrapServers, deadLetterTopic);
  for (const { partition, offset, reason, error, origin } of letters) {
    const record = raw.find((one) => one.partition === partition && one.offset === BigInt(offset));
    assert.ok(record);
    const isTombstone = record.value === null;
    assert.equal(reason, isTombstone ? 'rejected' : 'undecodable');
    assert.equal(error.name, isTombstone ? 'TombstoneRefusedError' : 'DamagedFrameError');
    assert.deepEqual([origin.topic, origin.partition], [topic, partition]);
  }
  const chosen = async (...flags: string[]) =>
    jsonLines<Letter>((await run(['dlq', 'ls', ...dlq, '--json', ...flags])).stdout).length;
  assert.equal(await chosen('--reason', 'rejected'), 3);
  assert.equal(await chosen('--reason', 'rejected', '--reason', 'undecodable'), 12);
  assert.equal(await chosen('--topic', 'another'), 0);
  const [first] = letters as [Letter];
  const ofPartition = letters.filter(({ partition }) => partition === first.partition).length;
  assert.equal(await chosen('--partition', String(first.partition)), ofPartition);
  assert.equal(await chosen('--from', '-1h'), 12);
  assert.equal(await chosen('--to', '-1h'), 0);

  const table = await run(['dlq', 'ls', ...dlq]);
  assert.match(table.stdout, new RegExp(`^${deadLetterTopic}: 12 dead letters\n\nREASON +TOPIC`));
  assert.match(table.stdout, /^PLACE +SINCE +REASON +ORIGIN +REPLAYED +ERROR$/m);
  const limited = await run(['dlq', 'ls', ...dlq, '--limit', '2']);
  assert.match(limited.stdout, /… and 10 more/);
  const counts = await run(['dlq', 'ls', ...dlq, '--counts', '--json']);
  const rows = jsonLines<{ count: number }>(counts.stdout);
  assert.equal(
    rows.reduce((sum, { count }) => sum + count, 0),
    12,
  );

  const cut = letters.find(({ reason }) => reason === 'undecodable') as Letter;
  const place = `${cut.partition}@${cut.offset}`;
  const shown = await run(['dlq', 'show', place, ...dlq]);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /^reason +undecodable$/m);
  assert.match(shown.stdout, /^error +DamagedFrameError: damaged frame: /m);
  assert.match(shown.stdout, new RegExp(`^origin +${topic}/${cut.partition}@\\d+ `, 'm'));
  assert.match(shown.stdout, /^value +undecodable, \d+ bytes: DamagedFrameError/m);
  assert.match(shown.stdout, /^ {2}0000 {2}0300[0-9a-f]{60}/m);
  assert.match(shown.stdout, /^ {2}bytes: 0xff0\d$/m);
  const [whole] = jsonLines<{ value: { base64: string } }>(
    (await run(['dlq', 'show', place, ...dlq, '--json'])).stdout,
  );
  const record = raw.find(
    (one) => one.partition === cut.partition && one.offset === BigInt(cut.offset),
  );
  assert.equal(whole?.value.base64, record?.value?.toString('base64'));
  const absent = await run(['dlq', 'show', '0@999', ...dlq]);
  assert.equal(absent.code, 1);
  assert.match(absent.stderr, /has the offsets 0 to \d+, not 999\n$/);
});

test('P4 a dry run writes nothing; a replay keeps key, value and headers byte for byte, marks the record, and keeps the order of each key', async (context) => {
  const { topic, deadLetterTopic, consumer, dlq, keys } = await deadLetters(context);
  const originals = await readAll(bootstrapServers, topic);
  const dry = await run(['dlq', 'replay', ...dlq]);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /12 dead letters would be replayed\. Nothing was written: add --yes/);
  assert.equal((await readAll(bootstrapServers, topic)).length, 12);

  const replayed = await run(['dlq', 'replay', ...dlq, '--yes', '--reason', 'undecodable']);
  assert.deepEqual([replayed.code, replayed.stderr], [0, '']);
  assert.equal(replayed.stdout, `${deadLetterTopic}: 9 dead letters replayed\n`);
  const all = await readAll(bootstrapServers, topic);
  const written = all.filter(
    ({ partition, offset }) =>
      !originals.some((one) => one.partition === partition && one.offset === offset),
  );
  assert.equal(written.length, 9);
  const text = (value: unknown) => String(value);
  for (const key of keys) {
    const ofKey = written.filter((one) => text(one.key) === key);
    assert.deepEqual(
      ofKey.map(({ headers }) => text(headers.version)),
      ['0', '1', '2'],
    );
    for (const record of ofKey) {
      const original = originals.find(
        (one) =>
          text(one.key) === key && text(one.headers.version) === text(record.headers.version),
      );
      assert.ok(original);
      assert.equal(record.partition, original.partition);
      assert.deepEqual(record.value, original.value);
      for (const name of ['version', 'bytes', 'twice'])
        assert.deepEqual(record.headers[name], original.headers[name]);
      assert.deepEqual(positionInSinks(topic, record), {
        topic,
        partition: original.partition,
        offset: original.offset,
        timestamp: BigInt(original.timestampMs),
      });
      assert.deepEqual(
        Object.entries(record.headers)
          .filter(([name]) => name.startsWith('orders.dlq.') || name.startsWith('__connect.'))
          .map(([name, value]) => [name, [value].flat().map(text)]),
        [
          ['orders.dlq.offset', ['mine', text(original.offset)]],
          ['orders.dlq.topic', [topic]],
          ['orders.dlq.partition', [text(original.partition)]],
          ['orders.dlq.timestamp', [text(original.timestampMs)]],
          ['orders.dlq.replayed', ['1']],
        ],
      );
    }
  }

  // They cannot be decoded now either: they become dead letters again, and the next replay counts on.
  await until(
    'they are dead letters again',
    async () => (await consumer.metric('orders_dlq_messages_total')) === 21,
  );
  await consumer.stop();
  const again = jsonLines<Letter>((await run(['dlq', 'ls', ...dlq, '--json'])).stdout).filter(
    (letter) => letter.replayed === 1,
  );
  assert.equal(again.length, 9);
  const [one] = again as [Letter];
  const place = `${one.partition}@${one.offset}`;
  const second = await run([
    ...['dlq', 'replay', ...dlq, '--yes', '--json'],
    ...['--from-offset', place, '--limit', '1'],
  ]);
  assert.equal(second.code, 0, second.stderr);
  assert.equal(jsonLines<{ replayed: number }>(second.stdout)[0]?.replayed, 1);
  const twice = (await readAll(bootstrapServers, topic)).filter(
    ({ headers }) => text(headers['orders.dlq.replayed']) === '2',
  );
  const source = all.find(
    ({ partition, offset }) =>
      partition === one.origin.partition && offset === BigInt(one.origin.offset),
  );
  assert.ok(source);
  assert.deepEqual(
    twice.map((record) => positionInSinks(topic, record)),
    [positionInSinks(topic, source)],
    'the first origin stays',
  );
});

test('a replay that is stopped says where to go on, and the next run loses and repeats nothing', async (context) => {
  const { topic, consumer, dlq, deadLetterTopic } = await deadLetters(context);
  await consumer.stop();
  const before = await readAll(bootstrapServers, topic);
  const stopped = start(['dlq', 'replay', ...dlq, '--yes', '--rate', '1']);
  await until('three are written', async () => {
    const ends = await endOffsets(bootstrapServers, topic);
    return [...ends.values()].reduce((sum, end) => sum + Number(end), 0) >= before.length + 3;
  });
  stopped.stop();
  const { code, stderr, stdout } = await stopped.ended;
  assert.equal(code, 130);
  const [, place] = /go on with --from-offset (\S+)\n$/.exec(stderr) ?? [];
  assert.ok(place, stderr);
  const [, count = ''] = /: (\d+) dead letters replayed/.exec(stdout) ?? [];
  const rest = await run(['dlq', 'replay', ...dlq, '--yes', '--from-offset', place]);
  assert.equal(rest.stdout, `${deadLetterTopic}: ${12 - Number(count)} dead letters replayed\n`);
  const after = await readAll(bootstrapServers, topic);
  assert.equal(after.length, 24);
  assert.equal(
    new Set(
      after
        .filter(({ headers }) => headers['orders.dlq.replayed'] !== undefined)
        .map(({ key, headers }) => `${key} ${headers.version}`),
    ).size,
    12,
  );
});

test('without a dead-letter topic, and without a topic to go to, nothing is written', async (context) => {
  const missing = await run(['dlq', 'ls', '--dlq', `missing-${randomUUID()}`]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^orders dlq ls: topic missing-\S+ does not exist/);
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const producer = rawKafka(bootstrapServers).producer({ allowAutoTopicCreation: false });
  context.after(() => producer.disconnect());
  await producer.connect();
  const gone = `gone-${randomUUID()}`;
  await producer.send({
    topic,
    messages: [
      { value: 'no letter' },
      {
        value: 'x',
        headers: {
          'orders.dlq.reason': 'bug',
          'orders.dlq.topic': gone,
          'orders.dlq.partition': '0',
          'orders.dlq.offset': '0',
          'orders.dlq.timestamp': '0',
        },
      },
    ],
  });
  const listed = await run(['dlq', 'ls', '--dlq', topic]);
  assert.match(listed.stderr, /1 records of \S+ are not dead letters/);
  const replayed = await run(['dlq', 'replay', '--dlq', topic, '--yes']);
  assert.equal(replayed.code, 1);
  assert.match(
    replayed.stderr,
    new RegExp(`topic ${gone} does not exist.*\n.*go on with --from-offset 0@0\n$`),
  );
});
