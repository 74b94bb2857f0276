import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createByteBudget } from '../../byte-budget.ts';
import type { PartitionStart } from '../sink.ts';
import { openPartition } from '../testing/opened-partition.ts';
import { createS3Sink, type S3SinkOptions } from './s3-sink.ts';
import { type BucketRequest, startBucketServer } from './testing/bucket-server.ts';

const folder = '/bucket/topics/orders';
const file = (partition: number, first: number, extension = 'json') =>
  `PUT ${folder}/partition=${partition}/orders+${partition}+${String(first).padStart(10, '0')}.${extension}`;

const schema = { dataFormat: 'AVRO', definition: '"string"', versionId: '7' } as const;
/** A record whose JSON line has so many bytes. */
const delivery = (offset: number, lineBytes = 4) => ({
  record: { offset: String(offset), value: null } as never,
  value: 'x'.repeat(lineBytes - 3),
  schema,
});

/** A sink over a server in place of S3, which waits with each answer that `statusOf` holds up. */
async function startSink(
  context: { after(end: () => unknown): void },
  options: Partial<S3SinkOptions> = {},
  statusOf?: (request: BucketRequest) => Promise<number> | number,
) {
  const server = await startBucketServer(context, statusOf);
  const stored: string[] = [];
  const sink = createS3Sink({
    ...{ bucket: 'bucket', prefix: 'topics', forcePathStyle: true, serviceVersion: '1.2.3' },
    ...{ format: 'json', avroCodec: 'null', timeZone: 'UTC' },
    ...{ flushRecords: 1_000, flushMs: 86_400_000, flushBytes: 10 ** 9, partBytes: 10 ** 8 },
    budget: createByteBudget({ limitBytes: 10 ** 9, onFull() {} }),
    onStored: (trigger) => stored.push(trigger),
    now: () => 0,
    clientConfig: {
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    },
    ...options,
  });
  context.after(() => sink.close());
  return {
    ...server,
    sink,
    stored,
    async open(start: Partial<PartitionStart> = {}) {
      const partition = await openPartition(sink, start);
      context.after(() => partition.close());
      return partition;
    },
  };
}

test('S2-07 S3-08 the options decide the names, the form and the metadata of files', async (context) => {
  const { open, requests, sink, stored } = await startSink(context, { flushRecords: 2 });
  assert.equal(sink.holdMs, 86_400_000);
  const json = await open();
  await json.take([delivery(0), delivery(1)]);
  await json.stored(2n);
  const [put] = requests;
  assert.equal(put?.name, file(0, 0));
  assert.match(String(put?.body), /"x"\n"x"\n/);
  assert.equal(put?.headers['content-type'], 'application/json');
  assert.equal(put?.headers['x-amz-meta-service-version'], '1.2.3');
  assert.deepEqual(stored, ['records']);

  const other = await startSink(context, { format: 'avro', avroCodec: 'zstandard', prefix: 'a/b' });
  const avro = await other.open();
  await avro.take([delivery(0)]);
  avro.part.flush('stop');
  await avro.stored(1n);
  assert.equal(
    other.requests[0]?.name,
    'PUT /bucket/a/b/orders/partition=0/orders+0+0000000000.avro',
  );
  assert.match(String(other.requests[0]?.body), /avro\.codec.zstandard/);
});

test('S2-07 the options decide when a file is closed', async (context) => {
  let now = Date.UTC(2026, 5, 30, 13, 59);
  for (const [options, trigger] of [
    [{ flushBytes: 8 }, 'bytes'],
    // Midnight in Sydney.
    [{ timeZone: 'Australia/Sydney', now: () => now }, 'time'],
    [{ flushMs: 60_000, now: () => now }, 'time'],
  ] as const) {
    now = Date.UTC(2026, 5, 30, 13, 59);
    const { open, stored } = await startSink(context, options);
    const partition = await open();
    await partition.take([delivery(0)]);
    now += 60_000;
    await partition.take([delivery(1)]);
    await partition.stored(1n);
    assert.deepEqual(stored, [trigger]);
  }
});

test('for memory, the largest open file of all partitions is stored', async (context) => {
  const { open, names, stored, sink } = await startSink(context);
  sink.relieve();
  const partitions = [
    await open({ partition: 0 }),
    await open({ partition: 1 }),
    await open({ partition: 2 }),
    await open({ partition: 3 }),
  ] as const;
  const [a, b, c, closed] = partitions;
  await a.take([delivery(0, 20)]);
  await b.take([delivery(0, 30)]);
  await c.take([delivery(0, 10)]);
  await closed.take([delivery(0, 90)]);
  closed.close();
  for (const [one, partition] of [
    [b, 1],
    [a, 0],
    [c, 2],
  ] as const) {
    sink.relieve();
    await one.stored(1n);
    assert.equal(names().at(-1), file(partition, 0));
  }
  sink.relieve();
  assert.deepEqual([names().length, stored], [3, ['memory', 'memory', 'memory']]);
});

for (const [openBytes, trigger] of [
  [20, 'stop'],
  [21, 'memory'],
] as const)
  test(`for memory, a file of ${openBytes} bytes is ${trigger === 'stop' ? 'not ' : ''}stored while requests will release 20`, async (context) => {
    const answer = Promise.withResolvers<number>();
    const { open, names, stored, sink } = await startSink(context, {}, () => answer.promise);
    const [a, b] = [await open(), await open({ partition: 1 })];
    await a.take([delivery(0, 20)]);
    sink.relieve();
    while (names().length < 1) await turn();
    await b.take([delivery(0, openBytes)]);
    sink.relieve();
    b.part.flush('stop');
    answer.resolve(200);
    await Promise.all([a.stored(1n), b.stored(1n)]);
    assert.deepEqual(stored, ['memory', trigger]);
  });

test('S3-09 when the sink is closed, the uploads of its partitions are aborted, whatever one of them answers', async (context) => {
  const { open, names, sink } = await startSink(context, { partBytes: 8 }, ({ name }) =>
    name.startsWith('DELETE') && name.includes('partition=0') ? 403 : 200,
  );
  const partitions = [await open(), await open({ partition: 1 })];
  for (const { take } of partitions) await take([delivery(0, 8)]);
  while (names().length < 4) await turn();
  for (const partition of partitions) partition.close();
  assert.equal(names().length, 4);
  await sink.close();
  const paths = [0, 1].map((partition) => file(partition, 0).slice('PUT '.length));
  assert.deepEqual(
    names().slice(4).sort(),
    paths.map((path) => `DELETE ${path} of upload ${path}`),
  );
});

test('a sink without partitions can be closed', async (context) => {
  const { sink, names } = await startSink(context);
  await sink.close();
  assert.deepEqual(names(), []);
});

test('a closed sink has no connection of any partition', async (context) => {
  const { connections, open, sink } = await startSink(context);
  await Promise.all([open(), open({ partition: 1 })]);
  assert.ok(connections.size > 0);
  await sink.close();
  while (connections.size > 0) await turn();
});
