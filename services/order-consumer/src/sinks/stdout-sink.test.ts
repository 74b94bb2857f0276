import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { KafkaMessage } from 'kafkajs';
import type { Delivery } from '../delivery.ts';
import { SinkClosedError } from './sink.ts';
import { createStdoutSink } from './stdout-sink.ts';

let folder: string;
let file: string;
let descriptor: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stdout-sink-'));
  file = join(folder, 'lines');
  descriptor = openSync(file, 'w');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const schema = { dataFormat: 'AVRO', definition: '{"type":"long"}' } as const;
const delivery = (
  offset: number,
  value: unknown,
  fields: Partial<KafkaMessage> = {},
): Delivery => ({
  record: {
    key: Buffer.from('{"order_id": "1"}'),
    value: null,
    timestamp: '1680745813045',
    offset: String(offset),
    attributes: 0,
    headers: {},
    ...fields,
  } as KafkaMessage,
  value,
  schema,
});
const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
const { signal } = new AbortController();

test('S0-18 a line holds the record as JSON with decoded key and value', async () => {
  const sink = createStdoutSink({ descriptor });
  const headers = {
    traceparent: Buffer.from('00-é'),
    raw: Buffer.from([0xff]),
    twice: [Buffer.from('a'), Buffer.from('b')],
  };
  await sink.deliver('orders', 3, [delivery(41, 2n ** 63n - 1n, { headers })], signal);
  closeSync(descriptor);
  assert.deepEqual(lines(), [
    '{"topic":"orders","partition":3,"offset":41,"timestamp":"2023-04-06T01:50:13.045Z",' +
      '"timestamp_type":0,"key":"{\\"order_id\\": \\"1\\"}","value":9223372036854775807,' +
      '"headers":{"traceparent":"00-é","raw":{"base64":"/w=="},"twice":["a","b"]}}',
  ]);
});

test('S0-18 null keys, binary keys and broker timestamps have their own representation', async () => {
  const sink = createStdoutSink({ descriptor });
  const batchContext = { timestampType: 1 };
  await sink.deliver(
    'orders',
    0,
    [
      delivery(0, 1, { key: null, batchContext } as Partial<KafkaMessage>),
      delivery(1, 2, { key: Buffer.from([0x80]) }),
    ],
    signal,
  );
  closeSync(descriptor);
  const [first, second] = lines().map((line) => JSON.parse(line));
  assert.equal(first.key, null);
  assert.equal(first.timestamp_type, 1);
  assert.deepEqual(second.key, { base64: 'gA==' });
});

test('concurrent deliveries of several partitions keep lines intact and in order', async () => {
  const sink = createStdoutSink({ descriptor });
  const counts = [0, 1, 2, 3];
  for (let round = 0; round < 5; round += 1)
    await Promise.all(
      counts.map((partition) =>
        sink.deliver(
          'orders',
          partition,
          Array.from({ length: 300 }, (_, i) => delivery(round * 300 + i, partition)),
          signal,
        ),
      ),
    );
  closeSync(descriptor);
  const seen = lines().map((line) => JSON.parse(line));
  assert.equal(seen.length, 6000);
  for (const partition of counts)
    assert.deepEqual(
      seen.filter((line) => line.partition === partition).map(({ offset }) => offset),
      Array.from({ length: 1500 }, (_, i) => i),
    );
});

test('a value without an Avro schema prints as JSON, and a schema with references prints by both definitions', async () => {
  const sink = createStdoutSink({ descriptor });
  const plain = { dataFormat: 'JSON', definition: '{}' } as const;
  const number = { type: 'record', name: 'N', fields: [{ name: 'n', type: 'long' }] };
  const references = [{ name: 'N', subject: 's', version: 1, definition: JSON.stringify(number) }];
  const builtOn = { dataFormat: 'AVRO', definition: '"N"', references } as const;
  const values = [
    { ...delivery(0, { s: 'ů', n: 2n ** 63n - 1n, list: [null, true] }), schema: plain },
    { ...delivery(1, { n: 2n ** 63n - 1n }), schema: builtOn },
  ];
  assert.deepEqual(await sink.deliver('orders', 0, values, signal), []);
  closeSync(descriptor);
  const [first, second] = lines();
  assert.ok(first?.includes('"value":{"s":"ů","n":9223372036854775807,"list":[null,true]},'));
  assert.ok(second?.includes('"value":{"n":9223372036854775807},'));
});

test('an unprintable record is rejected and leaves no partial line', async () => {
  const sink = createStdoutSink({ descriptor });
  const unknownType = { dataFormat: 'AVRO', definition: '"nobody.knows"' } as const;
  const unprintable = { ...delivery(1, 0), schema: unknownType };
  const refusals = await sink.deliver(
    'orders',
    0,
    [delivery(0, 0), unprintable, delivery(2, 2)],
    signal,
  );
  closeSync(descriptor);
  assert.deepEqual(
    refusals.map(({ record, reason }) => [record.offset, reason]),
    [['1', 'bug']],
  );
  assert.deepEqual(
    lines().map((line) => JSON.parse(line).offset),
    [0, 2],
  );
});

test('a delivery whose partition was lost before its turn writes nothing', async () => {
  const sink = createStdoutSink({ descriptor });
  const lost = new AbortController();
  const first = sink.deliver('orders', 0, [delivery(0, 0)], signal);
  const second = sink.deliver('orders', 1, [delivery(0, 0)], lost.signal);
  lost.abort(new Error('rebalance'));
  await first;
  await assert.rejects(second, /rebalance/);
  await sink.deliver('orders', 2, [delivery(0, 0)], signal);
  closeSync(descriptor);
  assert.deepEqual(
    lines().map((line) => JSON.parse(line).partition),
    [0, 2],
  );
});

test('F09 only a delivery that took more than a second says that the sink is slow and moves', async () => {
  let clock = 0;
  let stepMs = 10;
  const now = () => {
    clock += stepMs;
    return clock;
  };
  const sink = createStdoutSink({ descriptor, now });
  await sink.deliver('orders', 0, [delivery(0, 0)], signal);
  assert.equal(sink.movedSlowlyAt(), undefined);
  stepMs = 2_000;
  await sink.deliver('orders', 0, [delivery(1, 0)], signal);
  assert.ok((sink.movedSlowlyAt() as number) > 2_000);
  assert.equal(sink.busySince(), undefined);
  closeSync(descriptor);
});

test('a closed descriptor raises SinkClosedError', async () => {
  closeSync(descriptor);
  const unwritable = openSync(file, 'r');
  const sink = createStdoutSink({ descriptor: unwritable });
  await assert.rejects(sink.deliver('orders', 0, [delivery(0, 0)], signal), SinkClosedError);
  assert.equal(sink.busySince(), undefined);
  closeSync(unwritable);
});

test('F11 while the reader stands still, a delivery waits; once the process stops, it fails within seconds', async (context) => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, 'w');
  context.after(() => {
    closeSync(writer);
    closeSync(reader);
  });
  let stopping = false;
  const sink = createStdoutSink({ descriptor: writer, stopping: () => stopping });
  const lines = Array.from({ length: 2_000 }, (_, offset) => delivery(offset, 1));
  const printed = sink.deliver('orders', 0, lines, signal);
  const next = sink.deliver('orders', 1, lines, signal);
  assert.notEqual(sink.busySince(), undefined);
  stopping = true;
  await assert.rejects(printed, /stopping: the reader of standard output does not read/);
  await assert.rejects(next, /stopping: the reader of standard output does not read/);
  assert.equal(sink.busySince(), undefined);
});
