import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { KafkaMessage } from 'kafkajs';
import type { Delivery } from '../delivery.ts';
import { createLineWriter } from './line-writer.ts';
import { SinkClosedError } from './sink.ts';
import { createStdoutSink } from './stdout-sink.ts';
import { openPartition } from './testing/opened-partition.ts';
import { recordAt } from './testing/record-at.ts';

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
  record: recordAt(offset, { key: Buffer.from('{"order_id": "1"}'), ...fields }),
  value,
  schema,
});
const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);

/** Prints a run of one partition, and returns what the sink refused. */
async function print(deliveries: readonly Delivery[], partition = 0) {
  const opened = await openPartition(createStdoutSink({ descriptor }), { partition });
  await opened.take(deliveries);
  assert.equal(opened.durable(), BigInt(deliveries.at(-1)?.record.offset ?? 0) + 1n);
  return opened.refusals;
}

test('S0-18 a line holds the record as JSON with decoded key and value', async () => {
  const headers = {
    traceparent: Buffer.from('00-é'),
    raw: Buffer.from([0xff]),
    twice: [Buffer.from('a'), Buffer.from('b')],
  };
  await print([delivery(41, 2n ** 63n - 1n, { headers })], 3);
  closeSync(descriptor);
  assert.deepEqual(lines(), [
    '{"topic":"orders","partition":3,"offset":41,"timestamp":"2023-04-06T01:50:13.045Z",' +
      '"timestamp_type":0,"key":"{\\"order_id\\": \\"1\\"}","value":9223372036854775807,' +
      '"headers":{"traceparent":"00-é","raw":{"base64":"/w=="},"twice":["a","b"]}}',
  ]);
});

test('S0-18 null keys, binary keys and broker timestamps have their own representation', async () => {
  const batchContext = { timestampType: 1 };
  await print([
    delivery(0, 1, { key: null, batchContext } as Partial<KafkaMessage>),
    delivery(1, 2, { key: Buffer.from([0x80]) }),
  ]);
  closeSync(descriptor);
  const [first, second] = lines().map((line) => JSON.parse(line));
  assert.equal(first.key, null);
  assert.equal(first.timestamp_type, 1);
  assert.deepEqual(second.key, { base64: 'gA==' });
});

test('concurrent deliveries of several partitions keep lines intact and in order', async () => {
  const sink = createStdoutSink({ descriptor });
  const counts = [0, 1, 2, 3];
  const opened = await Promise.all(counts.map((partition) => openPartition(sink, { partition })));
  for (let round = 0; round < 5; round += 1)
    await Promise.all(
      opened.map(({ take }, partition) =>
        take(Array.from({ length: 300 }, (_, i) => delivery(round * 300 + i, partition))),
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
  const plain = { dataFormat: 'JSON', definition: '{}' } as const;
  const number = { type: 'record', name: 'N', fields: [{ name: 'n', type: 'long' }] };
  const references = [{ name: 'N', subject: 's', version: 1, definition: JSON.stringify(number) }];
  const builtOn = { dataFormat: 'AVRO', definition: '"N"', references } as const;
  const values = [
    { ...delivery(0, { s: 'ů', n: 2n ** 63n - 1n, list: [null, true] }), schema: plain },
    { ...delivery(1, { n: 2n ** 63n - 1n }), schema: builtOn },
  ];
  assert.deepEqual(await print(values), []);
  closeSync(descriptor);
  const [first, second] = lines();
  assert.ok(first?.includes('"value":{"s":"ů","n":9223372036854775807,"list":[null,true]},'));
  assert.ok(second?.includes('"value":{"n":9223372036854775807},'));
});

test('a tombstone is printed as a line with the value null', async () => {
  await print([{ ...delivery(7, null), schema: undefined }]);
  closeSync(descriptor);
  const [line] = lines().map((text) => JSON.parse(text));
  assert.deepEqual([line.offset, line.key, line.value], [7, '{"order_id": "1"}', null]);
});

test('an unprintable record is rejected and leaves no partial line', async () => {
  const unknownType = { dataFormat: 'AVRO', definition: '"nobody.knows"' } as const;
  const unprintable = { ...delivery(1, 0), schema: unknownType };
  const refusals = await print([delivery(0, 0), unprintable, delivery(2, 2)]);
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

test('a run whose partition was lost before its turn writes nothing', async () => {
  const sink = createStdoutSink({ descriptor });
  const [first, lost, third] = await Promise.all(
    [0, 1, 2].map((partition) => openPartition(sink, { partition })),
  );
  const writing = first?.take([delivery(0, 0)]);
  const abandoned = lost?.take([delivery(0, 0)]);
  lost?.close();
  await writing;
  await assert.rejects(abandoned as Promise<void>, { name: 'AbortError' });
  await third?.take([delivery(0, 0)]);
  closeSync(descriptor);
  assert.deepEqual(
    lines().map((line) => JSON.parse(line).partition),
    [0, 2],
  );
});

test('a closed descriptor raises SinkClosedError', async () => {
  closeSync(descriptor);
  const unwritable = openSync(file, 'r');
  const sink = createStdoutSink({ descriptor: unwritable });
  const opened = await openPartition(sink);
  await assert.rejects(opened.take([delivery(0, 0)]), SinkClosedError);
  assert.equal(opened.attempts.busySince(), undefined);
  assert.equal(opened.durable(), 0n);
  closeSync(unwritable);
});

test('F11 while the reader stands still, a write waits; once the process stops, it fails within seconds', async (context) => {
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
  const [first, second] = await Promise.all(
    [0, 1].map((partition) => openPartition(sink, { partition })),
  );
  const lines = Array.from({ length: 2_000 }, (_, offset) => delivery(offset, 1));
  const printing = [first, second].map((opened) => opened?.take(lines));
  const outcomes = Promise.allSettled(printing);
  await new Promise(setImmediate);
  assert.notEqual(first?.attempts.busySince(), undefined);
  const write = createLineWriter(writer, () => stopping);
  const blocked = write(Buffer.from('line\n'), () => undefined);
  stopping = true;
  await assert.rejects(blocked, /stopping: the reader of standard output does not read/);
  first?.close();
  second?.close();
  for (const { status } of await outcomes) assert.equal(status, 'rejected');
  assert.equal(first?.attempts.busySince(), undefined);
});
