import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  BrokerUnavailableError,
  type OutgoingRecord,
  type PartitionBatch,
  SendOutcomeUnknownError,
} from '@order-stream/runtime';
import { createRecordBatcher, OverloadedError } from './record-batcher.ts';

const record = (text = 'x') => ({ key: null, value: Buffer.from(text), timestampMs: 0 });

/** A sender whose answers the test gives; partitions 0 and 2 have leader 1, partition 1 has leader 2. */
function batcherUnderTest(limits: { maxInFlight?: number; requestTimeoutMs?: number } = {}) {
  const requests: {
    batches: readonly PartitionBatch[];
    answers: PromiseWithResolvers<bigint>[];
  }[] = [];
  const batcher = createRecordBatcher({
    topic: 'orders',
    maxInFlight: limits.maxInFlight ?? 100,
    maxInFlightBytes: 16 * 1024 * 1024,
    requestTimeoutMs: limits.requestTimeoutMs ?? 10_000,
    metrics: { batchEnded: () => {} },
    sender: {
      leaderOf: (_topic, partition) => (partition === 1 ? 2 : 1),
      send(_topic, batches) {
        const answers = batches.map(() => Promise.withResolvers<bigint>());
        requests.push({ batches, answers });
        return answers.map(({ promise }) => promise);
      },
    },
  });
  const append = (partition: number, outgoing: OutgoingRecord) =>
    new Promise<bigint>((written, failed) => batcher.append(partition, outgoing, written, failed));
  const texts = () =>
    requests.map(({ batches }) =>
      batches.map(({ partition, records }) => `${partition}:${records.map(({ value }) => value)}`),
    );
  return { batcher, append, requests, texts };
}

test('records that arrive together go together, one request a leader', async () => {
  const { append, texts } = batcherUnderTest();
  for (const [partition, text] of [
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
    [0, 'd'],
  ] as const)
    void append(partition, record(text));
  await turn();
  assert.deepEqual(texts(), [['0:a,d', '2:c'], ['1:b']]);
});

test('what arrives while a leader’s request is in flight waits for it; other leaders do not', async () => {
  const { append, requests, texts } = batcherUnderTest();
  const first = append(0, record('a'));
  await turn();
  const later = [append(0, record('b')), append(0, record('c'))];
  void append(1, record('d'));
  await turn();
  assert.deepEqual(texts(), [['0:a'], ['1:d']]);
  requests[0]?.answers[0]?.resolve(7n);
  assert.equal(await first, 7n);
  await turn();
  assert.deepEqual(texts()[2], ['0:b,c']);
  requests[2]?.answers[0]?.resolve(8n);
  assert.deepEqual(await Promise.all(later), [8n, 9n]);
});

test('a partition that is stuck holds up itself, not its leader’s others', async () => {
  const { append, requests, texts } = batcherUnderTest();
  void append(0, record('a')).catch(() => {});
  void append(2, record('b'));
  await turn();
  requests[0]?.answers[1]?.resolve(0n);
  void append(2, record('c'));
  void append(0, record('d'));
  await turn();
  await turn();
  assert.deepEqual(texts(), [['0:a', '2:b'], ['2:c']]);
});

test('an error of a batch reaches each of its records and leaves the next batch free to go', async () => {
  const { append, requests, texts } = batcherUnderTest();
  const lost = [append(0, record('a')), append(0, record('b'))];
  await turn();
  requests[0]?.answers[0]?.reject(new SendOutcomeUnknownError('lost'));
  for (const one of lost) await assert.rejects(one, SendOutcomeUnknownError);
  void append(0, record('c'));
  await turn();
  assert.deepEqual(texts()[1], ['0:c']);
});

test('when full it refuses at once, and takes again after an answer', async () => {
  const { batcher, append, requests } = batcherUnderTest({ maxInFlight: 2 });
  const taken = [append(0, record()), append(0, record())];
  await assert.rejects(append(0, record()), OverloadedError);
  await turn();
  requests[0]?.answers[0]?.resolve(0n);
  await Promise.all(taken);
  assert.deepEqual(batcher.inFlight(), { records: 0, bytes: 0 });
  void append(0, record());
  assert.equal(batcher.inFlight().records, 1);
});

test('a batch stays under the broker’s message size; a larger record goes alone', async () => {
  const { append, requests } = batcherUnderTest();
  for (const size of [500_000, 500_000, 950_000]) void append(0, record('x'.repeat(size)));
  const sizes: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    await turn();
    await turn();
    sizes.push(requests[i]?.batches[0]?.records.length ?? 0);
    requests[i]?.answers[0]?.resolve(BigInt(i));
  }
  assert.deepEqual(sizes, [1, 1, 1]);
});

test('headers count: large ones make a batch full, and the service', async () => {
  const { batcher, append, requests } = batcherUnderTest();
  const large = { ...record(), headers: { traceparent: 'x', tracestate: 'y'.repeat(300_000) } };
  for (let i = 0; i < 4; i += 1) void append(0, large);
  await turn();
  assert.equal(requests[0]?.batches[0]?.records.length, 2);
  assert.ok(batcher.inFlight().bytes > 1_200_000);
});

test('a record still waiting at its deadline was not written, and its caller hears so', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 0 });
  const { append, requests, texts } = batcherUnderTest({ requestTimeoutMs: 1_000 });
  const stuck = append(0, record('a'));
  await turn();
  const waiting = append(0, record('b'));
  t.mock.timers.setTime(1_000);
  requests[0]?.answers[0]?.reject(new SendOutcomeUnknownError('lost'));
  await assert.rejects(stuck, SendOutcomeUnknownError);
  await assert.rejects(waiting, BrokerUnavailableError);
  assert.equal(texts().length, 1);
});

test('a caller that throws leaves its neighbours their answers', async (t) => {
  const { batcher, requests } = batcherUnderTest();
  const answers: string[] = [];
  for (const name of ['a', 'b'])
    batcher.append(
      0,
      record(name),
      (offset) => {
        answers.push(`${name}${offset}`);
        if (name === 'a') throw new Error('defect');
      },
      () => {},
    );
  await turn();
  const later: (() => void)[] = [];
  t.mock.method(globalThis, 'setImmediate', (work: () => void) => later.push(work));
  requests[0]?.answers[0]?.resolve(3n);
  await turn();
  assert.deepEqual(answers, ['a3', 'b4']);
  assert.throws(() => {
    for (const work of later) work();
  }, /defect/);
});
