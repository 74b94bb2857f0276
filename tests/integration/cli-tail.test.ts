import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { numberedOrders, orderFramer } from '@order-stream/local-stack/consumer';
import {
  addPartitions,
  createTopic,
  endOffsets,
  rawKafka,
  writeRaw,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { createOrdersRunWith, jsonLines } from './orders-command.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;
const { run, start } = createOrdersRunWith(bootstrapServers, registry);

interface Line {
  topic: string;
  partition: number;
  offset: number;
  key: unknown;
  value: unknown;
  headers: Record<string, unknown>;
  schema_version_id?: string;
  undecodable?: { name: string; message: string };
}

const fromStart = ['--from', 'earliest', '--no-follow', '--json'];

test('records of a Glue registry are decoded, and what cannot be decoded is shown with the reason and never ends the command', async () => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const frame = await orderFramer(registry, topic);
  const [first, last] = numberedOrders(0, 2).map(frame) as [Framed, Framed];
  await writeRaw(bootstrapServers, topic, [
    first,
    { key: 'cut', value: first.value.subarray(0, first.value.length - 3) },
    { key: Buffer.from([0xff]), value: Buffer.from([0xfe, 0]) },
    { key: null, value: null },
    { key: 'id', value: '{"big":9007199254740993}' },
    { key: 'text', value: 'plain\u001b[31m text' },
    last,
  ]);
  const { code, stdout, stderr } = await run(['tail', topic, ...fromStart]);
  assert.deepEqual([code, stderr], [0, '']);
  const lines = jsonLines<Line>(stdout);
  assert.deepEqual(
    lines.map(({ key, value, undecodable }) => [key, undecodable?.name ?? typeof value]),
    [
      ['{"order_id": "order-0"}', 'object'],
      ['cut', 'DamagedFrameError'],
      [{ base64: '/w==' }, 'NotAFrameError'],
      [null, 'object'],
      ['id', 'object'],
      ['text', 'string'],
      ['{"order_id": "order-1"}', 'object'],
    ],
  );
  assert.deepEqual(lines[0]?.value, numberedOrders(0, 1)[0]);
  assert.match(lines[0]?.schema_version_id ?? '', /^[0-9a-f-]{36}$/);
  assert.match(stdout, /"value":\{"big":9007199254740993\}/, 'every digit');

  const forPeople = await run(['tail', topic, '--from', 'earliest', '--no-follow']);
  assert.equal(forPeople.stdout.split('\n').length, lines.length + 1, 'one line a record');
  assert.ok(!forPeople.stdout.includes('\u001b'), 'no escape sequence of a record or of a colour');
  assert.match(forPeople.stdout, /@1 {2}cut {2}undecodable, \d+ bytes: DamagedFrameError: /);
});

test('filters choose by key, by field and by partition', async () => {
  const topic = await createTopic(bootstrapServers, { partitions: 3 });
  const frame = await orderFramer(registry, topic);
  const orders = numberedOrders(0, 30).map(frame) as Framed[];
  await writeRaw(
    bootstrapServers,
    topic,
    orders.map((order, index) => ({ ...order, partition: index % 3 })),
  );
  const keysOf = async (flags: string[]) =>
    jsonLines<Line>((await run(['tail', topic, ...fromStart, ...flags])).stdout).map(({ key }) =>
      String(key),
    );
  assert.deepEqual(await keysOf(['--key', '{"order_id": "order-7"}']), ['{"order_id": "order-7"}']);
  assert.deepEqual(await keysOf(['--key', '/order_id=order-7']), ['{"order_id": "order-7"}']);
  assert.deepEqual(await keysOf(['--field', '/order_items/0/product_id=11']), [
    '{"order_id": "order-11"}',
  ]);
  assert.deepEqual(await keysOf(['--field', '/user_id=dicxa', '--field', '/order_id=order-3']), [
    '{"order_id": "order-3"}',
  ]);
  assert.equal((await keysOf(['--partition', '1'])).length, 10);
  assert.equal((await keysOf(['--count', '4'])).length, 4);
  assert.deepEqual(await keysOf(['--field', '/missing=1']), []);
});

test('reading begins at a time, an offset or the end, and goes on until it is stopped', async (context) => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const producer = rawKafka(bootstrapServers).producer({ allowAutoTopicCreation: false });
  context.after(() => producer.disconnect());
  await producer.connect();
  const hourMs = 3_600_000;
  const now = Date.now();
  const send = (value: string, timestampMs: number) =>
    producer.send({ topic, messages: [{ value, timestamp: String(timestampMs) }] });
  await send('two hours ago', now - 2 * hourMs);
  await send('now', now);
  const values = async (flags: string[]) =>
    jsonLines<Line>((await run(['tail', topic, '--json', '--no-follow', ...flags])).stdout).map(
      ({ value }) => value,
    );
  assert.deepEqual(await values(['--from', '-1h']), ['now']);
  assert.deepEqual(await values(['--from', new Date(now - 3 * hourMs).toISOString()]), [
    'two hours ago',
    'now',
  ]);
  assert.deepEqual(await values(['--from', '1', '--partition', '0']), ['now']);
  assert.deepEqual(await values(['--from', 'latest']), []);
  const outside = await run(['tail', topic, '--from', '7', '--partition', '0']);
  assert.equal(outside.code, 1);
  assert.equal(outside.stderr, `orders tail: ${topic}/0 has the offsets 0 to 2, not 7\n`);

  const live = start(['tail', topic, '--json', '--from', 'earliest']);
  await until('both are printed', () => jsonLines(live.stdout()).length === 2);
  await send('later', now);
  await until('the next is printed', () => jsonLines(live.stdout()).length === 3);
  live.stop();
  assert.equal((await live.ended).code, 0);
});

test('partitions that are added to the topic are read as well', async () => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const live = start(['tail', topic, '--json', '--from', 'latest']);
  const printed = (value: string) =>
    jsonLines<Line>(live.stdout()).filter((line) => line.value === value).length;
  // Partitions that exist when the command begins are read from their ends.
  await until('the command reads', async () => {
    await writeRaw(bootstrapServers, topic, [{ value: 'old', partition: 0 }]);
    return printed('old') > 0;
  });
  await addPartitions(bootstrapServers, topic, 2);
  // Before, kafkajs would drop the record without an error.
  await until(
    'the broker knows the new partition',
    async () => (await endOffsets(bootstrapServers, topic)).size === 2,
  );
  await writeRaw(bootstrapServers, topic, [{ value: 'new', partition: 1 }]);
  await until('its record is printed', () => printed('new') === 1);
  live.stop();
  assert.equal((await live.ended).code, 0);
});

test('records of a Confluent registry are decoded beside those of Glue', async (context) => {
  const schema = { type: 'record', name: 'Total', fields: [{ name: 'total', type: 'long' }] };
  const url = await schemaServer(context, { 7: JSON.stringify(schema) });
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const frame = await orderFramer(registry, topic);
  const framed = Buffer.from([0, 0, 0, 0, 7, 84]);
  await writeRaw(bootstrapServers, topic, [
    { value: framed },
    ...(numberedOrders(0, 1).map(frame) as Framed[]),
    { value: Buffer.from([0, 0, 0, 0, 9, 84]) },
  ]);
  const both = { SECONDARY_SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: url };
  const lines = jsonLines<Line>((await run(['tail', topic, ...fromStart], both)).stdout);
  assert.deepEqual(lines[0]?.value, { total: 42 });
  assert.equal(lines[0]?.schema_version_id, '7');
  assert.deepEqual(lines[1]?.value, numberedOrders(0, 1)[0]);
  assert.equal(lines[2]?.undecodable?.name, 'UnknownSchemaError');

  const [without] = jsonLines<Line>((await run(['tail', topic, ...fromStart])).stdout);
  assert.match(without?.undecodable?.message ?? '', /SECONDARY_SCHEMA_REGISTRY to confluent/);
});

test('records of aborted and open transactions are not shown', async (context) => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const kafka = rawKafka(bootstrapServers);
  const producer = kafka.producer({
    transactionalId: topic,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  context.after(() => producer.disconnect());
  await producer.connect();
  for (const [value, end] of [
    ['aborted', 'abort'],
    ['committed', 'commit'],
  ] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value }] });
    await transaction[end]();
  }
  const open = await producer.transaction();
  await open.send({ topic, messages: [{ value: 'open' }] });
  const { stdout } = await run(['tail', topic, ...fromStart]);
  assert.deepEqual(
    jsonLines<Line>(stdout).map(({ value }) => value),
    ['committed'],
  );
  await open.abort();
});

test('a missing topic and a broker that does not answer are one line and exit code 1', async () => {
  const missing = await run(['tail', 'no-such-topic']);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^orders tail: topic no-such-topic does not exist.*\n$/);
  const silent = await run(['tail', 'orders'], { BOOTSTRAP_SERVERS: '127.0.0.1:1' });
  assert.equal(silent.code, 1);
  assert.match(silent.stderr, /^orders tail: 127\.0\.0\.1:1: .*\n$/);
});

async function schemaServer(
  context: TestContext,
  schemas: Record<string, string>,
): Promise<string> {
  const server = createServer((request, response) => {
    const [, id = ''] = /^\/schemas\/ids\/(\d+)/.exec(request.url ?? '') ?? [];
    const schema = schemas[id];
    response.setHeader('content-type', 'application/vnd.schemaregistry.v1+json');
    if (schema === undefined)
      response.writeHead(404).end('{"error_code":40403,"message":"Schema not found"}');
    else response.end(JSON.stringify({ schema }));
  }).listen(0, '127.0.0.1');
  context.after(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Framed {
  key: Buffer;
  value: Buffer;
}
