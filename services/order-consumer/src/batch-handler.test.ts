import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { FetchedBatch } from './assigned-partition.ts';
import type { AssignedPartitions } from './assigned-partitions.ts';
import { createBatchHandler } from './batch-handler.ts';

const handling = (takeBatch: AssignedPartitions['takeBatch']) =>
  createBatchHandler({ partitions: { takeBatch }, heartbeatMs: 5 });

/** The payload of kafkajs: three records of partition 4, and a transaction marker. `answers` replaces its functions. */
function fetched(answers: Partial<EachBatchPayload> = {}) {
  const resolved: string[] = [];
  const messages = [0, 1, 2].map((offset) => ({ offset: String(offset) }) as KafkaMessage);
  const payload = {
    batch: { topic: 'orders', partition: 4, messages, fetchedOffset: '0', lastOffset: () => '3' },
    resolveOffset: (offset) => resolved.push(offset),
    heartbeat: async () => undefined,
    ...answers,
  } as EachBatchPayload;
  return { payload, resolved };
}

test('a batch is passed on with its place, and what was taken is resolved', async () => {
  const taken: FetchedBatch[] = [];
  const handler = handling(async (batch, _signal, resolve) => {
    taken.push(batch);
    assert.equal(handler.inFlight(), 1);
    resolve(1n);
    resolve(3n);
  });
  const { payload, resolved } = fetched();
  await handler.eachBatch(payload);
  assert.deepEqual(resolved, ['1', '3']);
  assert.deepEqual(taken, [
    {
      topic: 'orders',
      partition: 4,
      records: payload.batch.messages,
      fetchedOffset: 0n,
      lastOffset: 3n,
    },
  ]);
  assert.equal(handler.inFlight(), 0);
});

test('heartbeats go on while a batch waits for a sink', async () => {
  let beats = 0;
  const waited = Promise.withResolvers<void>();
  const heartbeat = async () => {
    beats += 1;
    if (beats === 3) waited.resolve();
  };
  const handler = handling(() => waited.promise);
  await handler.eachBatch(fetched({ heartbeat }).payload);
  assert.ok(beats >= 3);
});

test('a rejected heartbeat ends the batch immediately, and nothing more is resolved', async () => {
  const refused = new Error('rebalancing');
  let late: (() => void) | undefined;
  const handler = handling(async (_batch, signal, resolve) => {
    late = () => resolve(2n);
    await new Promise((_, reject) =>
      signal.addEventListener('abort', () => setImmediate(reject, signal.reason)),
    );
  });
  const { payload, resolved } = fetched({ heartbeat: () => Promise.reject(refused) });
  await assert.rejects(handler.eachBatch(payload), refused);
  late?.();
  assert.deepEqual(resolved, []);
  assert.equal(handler.inFlight(), 0);
});

test('after a rebalance a batch in flight resolves nothing', async () => {
  const handler = handling(async (_batch, signal, resolve) => {
    resolve(0n);
    handler.abandon();
    assert.ok(signal.aborted);
    resolve(2n);
  });
  const { payload, resolved } = fetched();
  await handler.eachBatch(payload);
  assert.deepEqual(resolved, ['0']);
});

test('a failure is passed to kafkajs', async () => {
  const failure = new Error('the coordinator moved');
  const handler = handling(() => Promise.reject(failure));
  await assert.rejects(handler.eachBatch(fetched().payload), failure);
  assert.equal(handler.inFlight(), 0);
});
