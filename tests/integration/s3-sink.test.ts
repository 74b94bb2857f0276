import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3Faults } from '@order-stream/local-stack/aws-faults';
import { type AwsProxy, createAwsProxy } from '@order-stream/local-stack/aws-proxy';
import { startMoto } from '@order-stream/local-stack/moto';
import { createBucket } from '@order-stream/local-stack/order-bucket';
import { clientOptions } from '@order-stream/local-stack/order-table';
import { startS3Mock } from '@order-stream/local-stack/s3mock';
import type { Store } from '@order-stream/local-stack/store';
import { until } from '@order-stream/local-stack/until';
import { createByteBudget } from '../../services/order-consumer/src/byte-budget.ts';
import {
  createS3Sink,
  type S3SinkOptions,
} from '../../services/order-consumer/src/sinks/s3/s3-sink.ts';
import { openPartition } from '../../services/order-consumer/src/sinks/testing/opened-partition.ts';
import { sinkContract } from '../../services/order-consumer/src/sinks/testing/sink-contract.ts';

const partBytes = 5 * 1024 * 1024;
const order = JSON.stringify({
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'n', type: 'long' },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'text', type: 'string' },
  ],
});
const schema = { dataFormat: 'AVRO', definition: order, versionId: '7' } as const;

const delivery = (n: number, text = '') => ({
  record: { offset: String(n), value: null } as never,
  value: { n, at: 1_680_745_813_045, text },
  schema,
});
const orders = (from: number, to: number, text = '') =>
  Array.from({ length: to - from }, (_, i) => delivery(from + i, text));
/** Six orders of it make more than one part. */
const large = 'x'.repeat(1024 * 1024);

type Bucket = Awaited<ReturnType<typeof createBucket>>;

/** A sink that stores to the bucket through an endpoint, by default the bucket's own. */
function openSink(bucket: string, endpoint: string, options: Partial<S3SinkOptions> = {}) {
  const budget = createByteBudget({ limitBytes: 64 * 1024 * 1024, onFull() {} });
  const sink = createS3Sink({
    bucket,
    prefix: 'topics',
    format: 'json',
    avroCodec: 'deflate',
    flushRecords: 100,
    flushMs: 60_000,
    flushBytes: 64 * 1024 * 1024,
    partBytes,
    timeZone: 'UTC',
    forcePathStyle: true,
    serviceVersion: '1.2.3',
    budget,
    clientConfig: clientOptions(endpoint),
    ...options,
  });
  return { sink, budget };
}

/** The numbers in all files, in the order of their names. */
async function numbersIn(bucket: Bucket, prefix = ''): Promise<number[]> {
  const files = (await bucket.files(prefix)).filter(({ key }) => key.endsWith('.json'));
  return files.flatMap(({ body }) =>
    body
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).n),
  );
}

const numbers = (to: number) => Array.from({ length: to }, (_, n) => n);

async function uploadsIn({ client, name: Bucket }: Bucket): Promise<number> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  return Uploads.length;
}

let moto: Promise<Store> | undefined;
after(async () => (await moto)?.stop());

/** One for the whole file, because each test has its own bucket. */
async function sharedMoto(): Promise<Store> {
  moto ??= startMoto();
  return { ...(await moto), stop: async () => {} };
}

sinkContract('s3', async (context) => {
  const store = await sharedMoto();
  const proxy = await createAwsProxy({ target: store.endpoint });
  context.after(() => proxy.close());
  const bucket = await createBucket(store.endpoint);
  const unknownType = { dataFormat: 'AVRO', definition: '"nobody.knows"' } as const;
  return {
    create: () => openSink(bucket.name, proxy.endpoint).sink,
    delivery: (offset) => delivery(offset),
    refused: (offset) => ({ ...delivery(offset), schema: unknownType }),
    stored: () => numbersIn(bucket, 'topics/orders/partition=0/'),
    fail: (isFailing) => (isFailing ? proxy.down() : proxy.up()),
    storesOnce: true,
  };
});

for (const [name, start] of [
  ['moto', sharedMoto],
  ['S3Mock', startS3Mock],
] as const)
  describe(`the S3 sink with ${name}`, () => {
    let store: Store;
    before(async () => {
      store = await start();
    });
    after(() => store.stop());

    test('S3-08 S3-09 files are named by their first offset, and their metadata have the range', async () => {
      const bucket = await createBucket(store.endpoint);
      const { sink, budget } = openSink(bucket.name, store.endpoint);
      const { part, take, stored, durable, mark, close } = await openPartition(sink, {
        topicId: 'id-1',
        partition: 2,
      });
      await take(orders(0, 250), 260n);
      await stored(200n);
      assert.deepEqual([durable(), mark()], [200n, 200n]);
      part.flush('stop');
      await stored(260n);
      close();
      const files = await bucket.files();
      assert.deepEqual(
        files.map(({ key }) => key),
        ['0000000000', '0000000100', '0000000200'].map(
          (first) => `topics/orders/partition=2/orders+2+${first}.json`,
        ),
      );
      const last = files[2];
      assert.equal(last?.contentType, 'application/json');
      const { 'file-id': id, ...metadata } = last?.metadata ?? {};
      assert.ok(id);
      assert.deepEqual(metadata, {
        topic: 'orders',
        partition: '2',
        'topic-id': 'id-1',
        'first-offset': '200',
        'last-offset': '259',
        records: '50',
        'schema-version-id': '7',
        'service-version': '1.2.3',
      });
      assert.ok(last?.body.toString().startsWith('{"n":200,"at":1680745813045,"text":""}\n{'));
      assert.deepEqual(await numbersIn(bucket), numbers(250));
      assert.equal(budget.heldBytes('s3'), 0);
      await sink.close();
    });

    test('S2-07 Avro files have their own name and type', async () => {
      const bucket = await createBucket(store.endpoint);
      const { sink } = openSink(bucket.name, store.endpoint, { format: 'avro' });
      const { part, take, stored, close } = await openPartition(sink);
      await take(orders(0, 3));
      part.flush('stop');
      await stored(3n);
      close();
      const [file] = await bucket.files();
      assert.equal(file?.key, 'topics/orders/partition=0/orders+0+0000000000.avro');
      assert.equal(file?.contentType, 'application/avro');
      assert.equal(file?.body.subarray(0, 4).toString('latin1'), 'Obj\u0001');
      await sink.close();
    });

    test('S3-09 a file that was stored before a crash, and not committed, is adopted', async () => {
      const bucket = await createBucket(store.endpoint);
      const { sink } = openSink(bucket.name, store.endpoint);
      const crashed = await openPartition(sink);
      await crashed.take(orders(0, 150));
      crashed.part.flush('stop');
      await crashed.stored(150n);
      crashed.close();
      const again = await openPartition(sink, { mark: 0n });
      // One file is adopted at the start, and the others when their records come.
      assert.equal(again.part.from, 100n);
      await again.take(orders(100, 160));
      again.part.flush('stop');
      await again.stored(160n);
      again.close();
      assert.deepEqual(await numbersIn(bucket), numbers(160));
      // Offsets that were reset by a tool: the commit has no mark.
      const reset = await openPartition(sink, { offset: 120n });
      assert.equal(reset.part.from, 160n);
      assert.equal(reset.durable(), 120n);
      reset.close();
      await sink.close();
    });

    test('S3-09 of two members that hold one partition, one stores a range, and the other goes on after it', async () => {
      const bucket = await createBucket(store.endpoint);
      const { sink } = openSink(bucket.name, store.endpoint);
      const [zombie, owner] = [await openPartition(sink), await openPartition(sink)];
      await Promise.all([
        zombie.take(orders(0, 70)).then(() => zombie.part.flush('memory')),
        owner.take(orders(0, 90)).then(() => owner.part.flush('memory')),
      ]);
      const isOver = (one: typeof owner) => one.durable() >= 70n || one.reopened.length > 0;
      await Promise.all([zombie, owner].map((one) => one.when(() => isOver(one))));
      zombie.close();
      owner.close();
      const next = await openPartition(sink, { mark: 0n });
      await next.take(orders(Number(next.part.from), 100));
      next.part.flush('stop');
      await next.stored(100n);
      next.close();
      assert.deepEqual(await numbersIn(bucket), numbers(100));
      await sink.close();
    });

    test('a large file is uploaded in parts while it grows', async () => {
      const bucket = await createBucket(store.endpoint);
      const { sink, budget } = openSink(bucket.name, store.endpoint);
      const { part, take, stored, close } = await openPartition(sink);
      for (let n = 0; n < 14; n += 1) await take([delivery(n, large)]);
      part.flush('stop');
      await stored(14n);
      close();
      assert.equal(budget.heldBytes('s3'), 0);
      assert.deepEqual(await numbersIn(bucket), numbers(14));
      assert.equal(await uploadsIn(bucket), 0);
      const again = await openPartition(sink, { mark: 0n });
      assert.equal(again.part.from, 14n);
      again.close();
      await sink.close();
    });

    test('an upload that was not completed is aborted when the process ends, or by the next owner', async () => {
      const bucket = await createBucket(store.endpoint);
      const uploading = async () => {
        const { sink } = openSink(bucket.name, store.endpoint);
        const opened = await openPartition(sink);
        await opened.take(orders(0, 6, large));
        await until('a part is uploaded', async () => (await uploadsIn(bucket)) === 1);
        opened.close();
        return sink;
      };
      const stopped = await uploading();
      await stopped.close();
      assert.equal(await uploadsIn(bucket), 0);
      await uploading();
      const { sink } = openSink(bucket.name, store.endpoint);
      const next = await openPartition(sink);
      assert.equal(await uploadsIn(bucket), 0);
      next.close();
      await sink.close();
    });

    test('an object of something else holds the partition, and is named', async () => {
      const bucket = await createBucket(store.endpoint);
      const Key = 'topics/orders/partition=0/orders+0+0000000005.json';
      await bucket.client.send(new PutObjectCommand({ Bucket: bucket.name, Key, Body: 'x' }));
      const { sink } = openSink(bucket.name, store.endpoint);
      await assert.rejects(openPartition(sink), {
        code: 'foreign-object',
        message: `s3://${bucket.name}/${Key}: expected a file of this topic and partition, got an object without an offset range. Move the object to another place, or set S3_PREFIX to an empty folder`,
      });
      await sink.close();
    });
  });

describe('the S3 sink when the store fails', () => {
  let store: Store;
  let proxy: AwsProxy;
  before(async () => {
    store = await sharedMoto();
    proxy = await createAwsProxy({ target: store.endpoint });
  });
  after(async () => {
    await proxy.close();
  });

  /** A partition whose requests go through the proxy. */
  async function opened(options: Partial<S3SinkOptions> = {}) {
    const bucket = await createBucket(store.endpoint);
    const { sink, budget } = openSink(bucket.name, proxy.endpoint, options);
    return { bucket, sink, budget, ...(await openPartition(sink)) };
  }

  const isOfFile = ({ url }: { url: string }) => !url.includes('_range');

  for (const [fault, answer, failureClass] of [
    ['500', s3Faults.internal, 'transient'],
    ['503', s3Faults.slowDown, 'throttled'],
    ['409', s3Faults.conflict, 'transient'],
    ['412 without an object', s3Faults.preconditionFailed, 'transient'],
    ['an answer that is not XML', { status: 502, headers: {}, body: 'Bad gateway' }, 'transient'],
  ] as const)
    test(`${fault} is tried again, and holds the partition meanwhile`, async () => {
      const { bucket, sink, part, take, stored, when, faults, close } = await opened();
      proxy.intercept({ request: 'PutObject', times: 3 }, ({ reply }) => reply(answer));
      await take(orders(0, 5));
      part.flush('stop');
      await when(() => faults().length > 0);
      assert.match(
        faults()[0] ?? '',
        new RegExp(`sink s3 \\(${failureClass}\\): PutObject s3://${bucket.name}/topics/orders/`),
      );
      await stored(5n);
      assert.deepEqual([faults(), await numbersIn(bucket)], [[], numbers(5)]);
      close();
      await sink.close();
    });

  for (const request of ['PutObject', 'CompleteMultipartUpload'] as const)
    test(`S3-09 a connection that is cut after ${request} took effect leaves one file, once`, async () => {
      const { bucket, sink, part, take, stored, reopened, close } = await opened();
      proxy.intercept({ request, where: isOfFile }, async (exchange) => {
        await exchange.forward();
        exchange.cut();
      });
      const count = request === 'PutObject' ? 5 : 6;
      await take(orders(0, count, request === 'PutObject' ? '' : large));
      part.flush('stop');
      await stored(BigInt(count));
      assert.deepEqual([reopened, await numbersIn(bucket)], [[], numbers(count)]);
      close();
      await sink.close();
    });

  for (const request of ['PutObject', 'UploadPart'] as const)
    test(`a connection that is cut inside ${request} leaves no part of a file`, async () => {
      const { bucket, sink, part, take, stored, reopened, close } = await opened();
      proxy.intercept({ request, where: isOfFile, times: 2 }, async (exchange) => {
        await exchange.forwardPart(100);
        exchange.cut();
      });
      await take(orders(0, 6, large.slice(0, request === 'PutObject' ? 1000 : undefined)));
      part.flush('stop');
      await stored(6n);
      assert.deepEqual([reopened, await numbersIn(bucket)], [[], numbers(6)]);
      close();
      await sink.close();
    });

  test('a conflict at the end of an upload opens the partition again, and the next upload begins anew', async () => {
    const { bucket, sink, part, take, when, reopened, durable, close } = await opened();
    proxy.intercept({ request: 'CompleteMultipartUpload' }, ({ reply }) =>
      reply(s3Faults.conflict),
    );
    await take(orders(0, 6, large));
    part.flush('stop');
    await when(() => reopened.length > 0);
    assert.equal(reopened[0]?.name, 'UploadLostError');
    assert.equal(durable(), 0n);
    close();
    const again = await openPartition(sink, { mark: 0n });
    assert.equal(await uploadsIn(bucket), 0);
    await again.take(orders(0, 6, large));
    again.part.flush('stop');
    await again.stored(6n);
    assert.deepEqual(await numbersIn(bucket), numbers(6));
    again.close();
    await sink.close();
  });

  test('a slow answer delays only its partition, and intake goes on until two files wait', async () => {
    const { bucket, sink, part, take, stored, durable, close } = await opened({ flushRecords: 1 });
    const other = await openPartition(sink, { partition: 1 });
    const held = Promise.withResolvers<void>();
    const slow = proxy.intercept(
      { request: 'PutObject', where: ({ url }) => decodeURIComponent(url).includes('partition=0') },
      async (exchange) => {
        const answer = await exchange.forward();
        await held.promise;
        exchange.reply(answer);
      },
    );
    const taken = take(orders(0, 3));
    await slow.reached;
    await other.take(orders(0, 3));
    await other.stored(3n);
    assert.equal(durable(), 0n);
    held.resolve();
    await taken;
    await stored(3n);
    part.flush('stop');
    assert.deepEqual((await bucket.keys('topics/orders/partition=0')).length, 3);
    other.close();
    close();
    await sink.close();
  });

  test('S3-09 a crash between storing a file and its commit repeats nothing', async () => {
    const { bucket, sink, part, take, close } = await opened();
    const atPut = proxy.intercept({ request: 'PutObject' }, async (exchange) => {
      await exchange.forward();
      exchange.cut();
      close();
    });
    await take(orders(0, 5));
    part.flush('stop');
    await atPut.reached;
    await until('the file is stored', async () => (await bucket.keys()).length === 1);
    const again = await openPartition(sink, { mark: 0n });
    assert.equal(again.part.from, 5n);
    again.close();
    assert.deepEqual(await numbersIn(bucket), numbers(5));
    await sink.close();
  });

  test('a missing bucket holds the partition and is named; records are stored once it exists', async () => {
    const name = 'orders-created-later';
    const { sink } = openSink(name, proxy.endpoint);
    const partition = openPartition(sink);
    proxy.intercept({ request: 'ListMultipartUploads', times: 2 }, async (exchange) => {
      exchange.reply(await exchange.forward());
    });
    await proxy.intercept({ request: 'ListMultipartUploads' }, async (exchange) => {
      exchange.reply(await exchange.forward());
    }).reached;
    const bucket = await createBucket(store.endpoint, name);
    const { part, take, stored, close } = await partition;
    await take(orders(0, 2));
    part.flush('stop');
    await stored(2n);
    assert.deepEqual(await numbersIn(bucket), numbers(2));
    close();
    await sink.close();
  });

  test('when memory is short, the largest open file is stored', async () => {
    const { bucket, sink, take, stored, budget, close } = await opened();
    const other = await openPartition(sink, { partition: 1 });
    await take(orders(0, 3, 'x'.repeat(100)));
    await other.take(orders(0, 3));
    const before = budget.heldBytes('s3');
    sink.relieve();
    await stored(3n);
    assert.ok(budget.heldBytes('s3') > 0 && budget.heldBytes('s3') < before);
    assert.deepEqual(await bucket.keys('topics/orders/partition=1'), []);
    other.close();
    close();
    sink.relieve();
    assert.equal(budget.heldBytes('s3'), 0);
    await sink.close();
  });

  test('while most of the memory is being stored already, no file is closed for it', async () => {
    const { bucket, sink, part, take, stored, durable, close } = await opened();
    const other = await openPartition(sink, { partition: 1 });
    const held = Promise.withResolvers<void>();
    proxy.intercept({ request: 'PutObject' }, async ({ forward, reply }) => {
      await held.promise;
      reply(await forward());
    });
    await take(orders(0, 9));
    part.flush('stop');
    await other.take(orders(0, 3));
    sink.relieve();
    held.resolve();
    await stored(9n);
    assert.deepEqual([durable(), other.durable()], [9n, 0n]);
    assert.equal((await bucket.keys()).length, 1);
    sink.relieve();
    await other.stored(3n);
    other.close();
    close();
    await sink.close();
  });
});
