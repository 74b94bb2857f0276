import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createByteBudget } from '../../byte-budget.ts';
import type { Delivery } from '../../delivery.ts';
import type { Refusal } from '../../refusal.ts';
import { retryDelayMs } from '../../retry-policy.ts';
import type { PartitionStart } from '../sink.ts';
import { openPartition } from '../testing/opened-partition.ts';
import { recordAt } from '../testing/record-at.ts';
import { createDynamoDbSink } from './dynamodb-sink.ts';
import { createItemChanges } from './item-change.ts';
import { startTableServer, type TableRequest } from './testing/table-server.ts';

process.env.AWS_REGION = 'us-east-1';
process.env.AWS_ACCESS_KEY_ID = 'local';
process.env.AWS_SECRET_ACCESS_KEY = 'local';

const schema = { dataFormat: 'JSON', definition: '{}' } as const;

const delivery = (offset: number, order_id: unknown, more: object = {}): Delivery => ({
  record: recordAt(offset, { value: Buffer.from('…') }),
  value: { order_id, ...more },
  schema,
});

const itemOptions = {
  key: 'order_id',
  tombstoneKey: '/order_id',
  tombstones: 'ignore',
} as const;

async function startSink(
  context: { after(end: () => unknown): void },
  options: Partial<Parameters<typeof createDynamoDbSink>[0]> = {},
) {
  const server = await startTableServer(context);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = server.endpoint;
  const budget = createByteBudget({ limitBytes: 64 * 1024 * 1024, onFull() {} });
  const sink = createDynamoDbSink({
    ...itemOptions,
    table: 'orders',
    region: undefined,
    budget,
    ...options,
  });
  context.after(() => sink.close());
  return {
    server,
    sink,
    heldBytes: () => budget.heldBytes('dynamodb'),
    async open(start: Partial<PartitionStart> = {}) {
      const partition = await openPartition(sink, start);
      context.after(() => partition.close());
      return partition;
    },
  };
}

test('S1-05 the watermark waits for the oldest write, whatever was answered before', async (context) => {
  const { server, open, heldBytes } = await startSink(context);
  const partition = await open({ offset: 5n });
  assert.equal(partition.part.from, 5n);
  partition.part.take({ deliveries: [delivery(6, 'a'), delivery(8, 'b')], next: 10n });
  const [first, second] = [await server.next('a'), await server.next('b')];
  await partition.when(() => partition.durable() === 6n);
  const held = heldBytes();
  second.succeed();
  while (heldBytes() === held) await turn();
  assert.equal(partition.durable(), 6n);
  first.succeed();
  await partition.when(() => partition.durable() === 10n);
  assert.equal(heldBytes(), 0);
  // Records that need nothing move the watermark at once.
  partition.part.take({ deliveries: [], next: 12n });
  assert.deepEqual(partition.watermarks, [6n, 10n, 12n], 'each is reported once');
});

test('S1-05 what is held is the record, its item and 1 KiB, until it is stored', async (context) => {
  const { server, open, heldBytes } = await startSink(context);
  const partition = await open();
  const bytesOf = ({ record, value }: Delivery) => {
    const change = createItemChanges(itemOptions)({ record, value, schema }, 'orders', 0);
    return 3 + 10 + 1_024 + (change?.bytes ?? 0);
  };
  const [a, b] = ['a', 'b'].map((key, offset) => ({
    ...delivery(offset, key, { text: 'x'.repeat(offset * 100) }),
    record: recordAt(offset, { key: Buffer.alloc(3), value: Buffer.alloc(10) }),
  })) as [Delivery, Delivery];
  partition.part.take({ deliveries: [a], next: 1n });
  assert.equal(heldBytes(), bytesOf(a));
  partition.part.take({ deliveries: [b], next: 2n });
  assert.equal(heldBytes(), bytesOf(a) + bytesOf(b));
  const [first, second] = [await server.next('a'), await server.next('b')];
  second.succeed();
  while (heldBytes() !== bytesOf(a)) await turn();
  first.succeed();
  await partition.when(() => partition.durable() === 2n);
  assert.equal(heldBytes(), 0);
});

test('a record that waits for its write keeps nothing of its fetch response', async (context) => {
  const { server, open } = await startSink(context);
  const partition = await open();
  const response = Buffer.allocUnsafeSlow(1024 * 1024);
  // DynamoDB refuses the first, the sink refuses the second.
  const deliveries = [{}, { _topic: 'reserved' }].map((more, offset) => ({
    ...delivery(offset, 'a', more),
    record: recordAt(offset, { key: response.subarray(0, 3), value: response.subarray(3, 13) }),
  }));
  partition.part.take({ deliveries, next: 2n });
  (await server.next('a')).fail('ValidationException');
  await partition.when(() => partition.refusals.length === 2);
  for (const { record } of partition.refusals)
    for (const bytes of [record.key, record.value]) {
      assert.equal(bytes?.length, bytes === record.key ? 3 : 10);
      assert.notEqual(bytes?.buffer, response.buffer);
    }
});

test('S1-05 a request that keeps failing is named by its action, table and record', async (context) => {
  const { server, open } = await startSink(context);
  const partition = await open();
  partition.part.take({ deliveries: [delivery(7, 'a')], next: 8n });
  for (let failures = 0; failures < 2; failures += 1)
    (await server.next()).fail('InternalServerError', { status: 500 });
  await partition.when(() => partition.faults().length > 0);
  assert.match(partition.faults().join(), /PutItem orders for orders\/0 offset 7/);
  (await server.next()).succeed();
  await partition.when(() => partition.durable() === 8n);
});

test('S1-05 a partition continues after its mark, which other sinks may not have reached', async (context) => {
  const { open } = await startSink(context);
  assert.equal((await open({ offset: 5n, mark: 9n })).part.from, 9n);
});

test('S1-05 versions of one item in one run are one write, and later ones wait for it', async (context) => {
  const { server, open } = await startSink(context);
  const partition = await open();
  partition.part.take({
    deliveries: [delivery(0, 'a'), delivery(1, 'b'), delivery(2, 'a')],
    next: 3n,
  });
  partition.part.take({ deliveries: [delivery(3, 'a')], next: 4n });
  const [a, b] = [await server.next('a'), await server.next('b')];
  assert.deepEqual(
    [a, b].map(({ key, offset }) => [key.S, offset]),
    [
      ['a', '2'],
      ['b', '1'],
    ],
  );
  b.succeed();
  await turn();
  assert.equal(server.waiting.length, 0);
  a.succeed();
  const later = await server.next();
  assert.equal(later.offset, '3');
  assert.equal(partition.durable(), 3n);
  later.succeed();
  await partition.when(() => partition.durable() === 4n);
});

test('S1-05 a failed condition is a success: the table has a newer version', async (context) => {
  const { server, open } = await startSink(context);
  const partition = await open();
  partition.part.take({ deliveries: [delivery(0, 'a')], next: 1n });
  (await server.next()).fail('ConditionalCheckFailedException');
  await partition.when(() => partition.durable() === 1n);
  assert.deepEqual(partition.refusals, []);
});

test('S1-05 a throttled item is tried again alone, while others are stored', async (context) => {
  const { server, open } = await startSink(context);
  const partition = await open();
  const keys = ['hot', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  partition.part.take({ deliveries: keys.map((key, offset) => delivery(offset, key)), next: 8n });
  let throttled = 0;
  for (let stored = 0; stored < keys.length; ) {
    const request = await server.next();
    if (request.key.S === 'hot' && throttled < 4) {
      throttled += 1;
      request.fail('ProvisionedThroughputExceededException');
    } else {
      stored += 1;
      request.succeed();
    }
  }
  await partition.when(() => partition.durable() === 8n);
  assert.equal(throttled, 4);
  assert.deepEqual([partition.refusals, partition.faults()], [[], []]);
});

test('S1-05 more throttled items than requests in flight hold up no other item, and end with their partition', async (context) => {
  const { server, open, heldBytes } = await startSink(context);
  const [hot, other] = [await open(), await open({ partition: 1 })];
  const hotKeys = Array.from({ length: 100 }, (_, i) => delivery(i, `hot${i}`));
  const coldKeys = Array.from({ length: 50 }, (_, i) => delivery(100 + i, `cold${i}`));
  const otherKeys = Array.from({ length: 10 }, (_, i) => delivery(100 + i, `other${i}`));
  hot.part.take({ deliveries: [...hotKeys, ...coldKeys], next: 150n });
  other.part.take({ deliveries: otherKeys, next: 110n });
  const attempted = new Map<string, number>();
  // On a busy machine, a request may be late and sent twice.
  const stored = new Set<string>();
  /** Answers until so many items are stored, and every other one was attempted again. */
  const answer = async (isDone: () => boolean) => {
    while (!isDone()) {
      const request = await server.next();
      assert.ok(server.waiting.length < 64);
      const key = request.key.S as string;
      if (key.startsWith('hot')) {
        attempted.set(key, (attempted.get(key) ?? 0) + 1);
        request.fail('ProvisionedThroughputExceededException');
      } else {
        stored.add(key);
        request.succeed();
      }
    }
  };
  await answer(() => stored.size === 60 && other.durable() === 110n);
  await answer(() => attempted.size === 100 && [...attempted.values()].every((times) => times > 1));
  assert.equal(hot.durable(), 0n);
  assert.deepEqual(hot.refusals, []);
  assert.equal(hot.faults().length > 0, true, 'the partition is held');
  assert.equal(other.faults().length, 0);
  const ofHotItems = heldBytes();
  assert.ok(ofHotItems > 100 * 1_024);
  hot.close();
  assert.equal(heldBytes(), 0);
  await hot.when(() => hot.faults().length === 0);
});

test('S1-05 a version that comes while the one before it is throttled is written after it', async (context) => {
  const { server, open } = await startSink(context);
  const partition = await open();
  partition.part.take({ deliveries: [delivery(0, 'a')], next: 1n });
  for (const _ of [1, 2]) (await server.next()).fail('ThrottlingException');
  partition.part.take({ deliveries: [delivery(1, 'a'), delivery(2, 'a')], next: 3n });
  for (const offset of ['0', '2']) {
    const request = await server.next();
    assert.equal(request.offset, offset);
    assert.equal(server.waiting.length, 0);
    request.succeed();
  }
  await partition.when(() => partition.durable() === 3n);
});

test('S1-05 a rejected version becomes a dead letter, and the version that it replaced is stored', async (context) => {
  const { server, open, heldBytes } = await startSink(context);
  const refusals: Refusal[] = [];
  const deadLetters = Promise.withResolvers<void>();
  const partition = await open({
    rejected(refusal) {
      refusals.push(refusal);
      return deadLetters.promise;
    },
  });
  partition.part.take({
    deliveries: [delivery(0, 'a'), delivery(1, 'a'), delivery(2, 'a', { x: Number.NaN })],
    next: 3n,
  });
  (await server.next()).fail('ValidationException', { message: 'cannot be converted: secret' });
  const older = await server.next();
  assert.equal(older.offset, '0');
  assert.equal(refusals.length, 0, 'dead letters keep the order of the offsets');
  older.succeed();
  await partition.when(() => partition.durable() === 1n);
  assert.deepEqual(
    refusals.map(({ record, reason, error }) => [record.offset, reason, error.message]),
    [
      ['1', 'rejected', 'the value: table orders refuses the item as invalid'],
      ['2', 'rejected', '/*: expected a finite number, got NaN or an infinity'],
    ],
  );
  deadLetters.resolve();
  await partition.when(() => partition.durable() === 3n);
  assert.equal(heldBytes(), 0);
});

const failures: Record<string, [fail: (request: TableRequest) => void, reported: RegExp]> = {
  'that is missing': [
    (request) => request.fail('ResourceNotFoundException'),
    /transient.*ResourceNotFound/,
  ],
  'that denies access': [
    (request) => request.fail('AccessDeniedException'),
    /unauthorised.*AccessDenied/,
  ],
  'that throttles': [(request) => request.fail('ThrottlingException'), /throttled.*Throttling/],
  'with a fault': [(request) => request.fail('InternalServerError', { status: 500 }), /transient/],
  'with an unknown refusal': [(request) => request.fail('NewException'), /transient.*NewException/],
  'that cuts connections': [(request) => request.cut(), /transient/],
  'behind a broken proxy': [(request) => request.answer(502, '<html>'), /transient/],
  'behind a lying proxy': [(request) => request.answer(200, '<html>'), /transient/],
  'with another key': [
    (request) => request.fail('ValidationException', { message: 'Missing the key id in the item' }),
    /transient.*expected a partition key named order_id/,
  ],
};

for (const [what, [fail, reported]] of Object.entries(failures))
  test(`S1-05 a table ${what} holds the partition, and nothing is rejected`, async (context) => {
    const { server, open } = await startSink(context);
    const partition = await open();
    partition.part.take({ deliveries: [delivery(0, 'a')], next: 1n });
    fail(await server.next());
    // One failure may be a lost connection. The second in a row is reported.
    fail(await server.next());
    await partition.when(() => partition.faults().some((fault) => reported.test(fault)));
    (await server.next()).succeed();
    await partition.when(() => partition.durable() === 1n);
    assert.deepEqual([partition.refusals, partition.faults()], [[], []]);
  });

test('S1-05 a request without an answer fails soon enough for readiness to be red after 5 s', async (context) => {
  const { server, open } = await startSink(context);
  const partition = await open();
  // Virtual time, because a busy machine delays real timers.
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const attemptMs = (5_000 - retryDelayMs(1, () => 1)) / 2;
  partition.part.take({ deliveries: [delivery(0, 'a')], next: 1n });
  for (const _ of [1, 2]) {
    await server.next('a');
    context.mock.timers.tick(attemptMs);
  }
  await partition.when(() => partition.faults().length > 0);
  assert.equal(partition.durable(), 0n);
});

test('S1-05 nothing begins after the partition was revoked, and its memory is released', async (context) => {
  const { server, open, heldBytes } = await startSink(context);
  const revoked = await open();
  const kept = await open({ partition: 1 });
  const keys = Array.from({ length: 300 }, (_, i) => delivery(i, `k${i}`));
  const taken = revoked.part.take({ deliveries: keys, next: 300n });
  assert.equal(taken, undefined);
  while (server.waiting.length < 64) await turn();
  revoked.close();
  assert.equal(heldBytes(), 0);
  kept.part.take({ deliveries: [delivery(0, 'kept')], next: 1n });
  const request = await server.next('kept');
  // Its connection is the newest, so every request that was sent before the revocation has arrived. On a busy machine, one of the
  // 64 may be late, and a further item is sent in its place.
  server.waiting.splice(0);
  request.succeed();
  await kept.when(() => kept.durable() === 1n);
  assert.equal(server.waiting.length, 0);
});

test('S1-05 a partition far ahead of its watermark takes no more until half of it is stored', async (context) => {
  const { server, open } = await startSink(context, { maxTaken: 20 });
  const partition = await open();
  const deliveries = Array.from({ length: 21 }, (_, i) => delivery(i, `k${i}`));
  assert.equal(partition.part.take({ deliveries: deliveries.slice(0, 20), next: 20n }), undefined);
  const taken = partition.part.take({ deliveries: deliveries.slice(20), next: 21n });
  assert.ok(taken instanceof Promise);
  let mayTakeMore = false;
  void taken.then(() => {
    mayTakeMore = true;
  });
  for (let offset = 0; offset < 10; offset += 1) {
    (await server.next(`k${offset}`)).succeed();
    await partition.when(() => partition.durable() > offset);
    assert.equal(mayTakeMore, false);
  }
  (await server.next('k10')).succeed();
  await taken;
  assert.equal(partition.durable(), 11n);
});

test('S1-05 a partition that ends lets go of who waits for it', async (context) => {
  const { open } = await startSink(context, { maxTaken: 1 });
  const partition = await open();
  const taken = partition.part.take({ deliveries: [delivery(0, 'a'), delivery(1, 'b')], next: 2n });
  partition.close();
  await taken;
});

test('S1-05 any name of an attribute reaches the table', async (context) => {
  const { server, open } = await startSink(context);
  const partition = await open();
  const inner = JSON.parse('{"__proto__":1,"constructor":2}');
  partition.part.take({ deliveries: [delivery(0, 'a', { inner })], next: 1n });
  const { item, succeed } = await server.next();
  succeed();
  assert.deepEqual(Object.entries(item.inner?.M ?? {}), [
    ['__proto__', { N: '1' }],
    ['constructor', { N: '2' }],
  ]);
  await partition.when(() => partition.durable() === 1n);
});

const tombstone = (offset: number, key: Buffer): Delivery => ({
  record: recordAt(offset, { key, value: null }),
  value: null,
  schema: undefined,
});

test('S1-05 a tombstone deletes its item, holds its key meanwhile, and names its request', async (context) => {
  const { server, open, heldBytes } = await startSink(context, { tombstones: 'delete' });
  const partition = await open();
  const key = Buffer.from('{"order_id": "a"}');
  partition.part.take({ deliveries: [tombstone(3, key)], next: 4n });
  assert.equal(heldBytes(), key.length + 1_024);
  for (let failures = 0; failures < 2; failures += 1)
    (await server.next('a')).fail('InternalServerError', { status: 500 });
  await partition.when(() => partition.faults().length > 0);
  assert.match(partition.faults().join(), /DeleteItem orders for orders\/0 offset 3/);
  const request = await server.next('a');
  assert.equal(request.action, 'DeleteItem');
  request.succeed();
  await partition.when(() => partition.durable() === 4n);
});

test('S1-05 a deletion that is ignored needs no request', async (context) => {
  const { server, open, heldBytes } = await startSink(context);
  const partition = await open();
  const deletion = delivery(0, 'a', { __deleted: true });
  partition.part.take({ deliveries: [deletion], next: 1n });
  assert.deepEqual([partition.durable(), heldBytes(), server.waiting.length], [1n, 0, 0]);
});

test('S1-05 a replayed dead letter does not replace the newer version of its run', async (context) => {
  const { server, open } = await startSink(context);
  const partition = await open();
  const headers = {
    'orders.dlq.replayed': '1',
    'orders.dlq.topic': 'orders',
    'orders.dlq.partition': '0',
    'orders.dlq.offset': '3',
    'orders.dlq.timestamp': '1680745813045',
  };
  const replayed = {
    ...delivery(6, 'a'),
    record: recordAt(6, { value: Buffer.from('…'), headers }),
  };
  partition.part.take({ deliveries: [delivery(5, 'a'), replayed], next: 7n });
  const request = await server.next();
  assert.equal(request.offset, '5');
  request.succeed();
  await partition.when(() => partition.durable() === 7n);
  assert.equal(server.waiting.length, 0);
});

test('an error of the conversion that is not about the record is reported as a bug', async (context) => {
  const { open } = await startSink(context);
  const partition = await open();
  const union = { dataFormat: 'AVRO', definition: '["null", "string"]' } as const;
  // A decoder never returns such a value.
  const impossible = { ...delivery(0, 'a'), value: 5, schema: union };
  partition.part.take({ deliveries: [impossible, delivery(1, 'b', { _topic: 1 })], next: 2n });
  await partition.when(() => partition.refusals.length === 2);
  assert.deepEqual(
    partition.refusals.map(({ reason }) => reason),
    ['bug', 'rejected'],
  );
});

test('S1-05 a request that the revocation ends refuses no record', async (context) => {
  const { server, open } = await startSink(context);
  const partition = await open();
  partition.part.take({ deliveries: [delivery(0, 'a')], next: 1n });
  await server.next('a');
  partition.abort();
  while (partition.attempts.busySince() !== undefined) await turn();
  await turn();
  assert.deepEqual([partition.refusals, partition.durable()], [[], 0n]);
});

test('S1-05 a dead letter that is written after the revocation holds no memory and reports nothing', async (context) => {
  const deadLetter = Promise.withResolvers<void>();
  const { server, open, heldBytes } = await startSink(context);
  const partition = await open({ rejected: () => deadLetter.promise });
  const refused = delivery(0, 'a', { x: Number.NaN });
  partition.part.take({ deliveries: [refused, delivery(1, 'b')], next: 2n });
  await server.next('b');
  assert.ok(heldBytes() > 2 * 1_024);
  partition.close();
  deadLetter.resolve();
  await turn();
  assert.deepEqual([heldBytes(), partition.durable()], [0, 0n]);
});

test('S1-05 a partition takes up to two runs of 1000 records beyond its watermark', async (context) => {
  const { open } = await startSink(context);
  const partition = await open();
  const run = (offset: number) => ({
    deliveries: [delivery(offset, 'a')],
    next: BigInt(offset) + 1n,
  });
  for (let offset = 0; offset < 2_000; offset += 1)
    assert.equal(partition.part.take(run(offset)), undefined);
  assert.ok(partition.part.take(run(2_000)) instanceof Promise);
});

test('a sink without partitions can be closed', async (context) => {
  const { sink, server } = await startSink(context);
  await sink.close();
  assert.deepEqual(server.waiting, []);
});

test('a closed sink has no connection of any partition', async (context) => {
  const { server, open, sink } = await startSink(context);
  for (const partition of [0, 1]) {
    const { part, when, durable } = await open({ partition });
    part.take({ deliveries: [delivery(0, `of ${partition}`)], next: 1n });
    (await server.next()).succeed();
    await when(() => durable() === 1n);
  }
  assert.ok(server.connections.size > 0);
  await sink.close();
  while (server.connections.size > 0) await turn();
});
