import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@order-stream/runtime';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { type BatchHandlerOptions, createBatchHandler } from './batch-handler.ts';
import { createOffsetTracker } from './offset-tracker.ts';

type Step = BatchHandlerOptions['processBatch'];

/** Creates a handler with the given processing step. Records its calls to the consumer's health. */
function handling(processBatch: Step) {
  const tracker = createOffsetTracker();
  const paused: string[] = [];
  const handler = createBatchHandler({
    processBatch,
    tracker,
    health: {
      progressed: () => undefined,
      paused: (topic, partition, reason) => paused.push(`${topic}/${partition} ${reason}`),
      pausedPartitions: () => paused.length,
    },
    metrics: { consumed: () => undefined, processed: () => undefined, paused: () => undefined },
    logger: createLogger({ name: 'test', level: 'silent' }),
    heartbeatMs: 5,
    onSinkClosed: () => assert.fail('the sink is not closed'),
  });
  return { handler, tracker, paused };
}

/** The payload of kafkajs: three records of partition 4. `answers` replaces its functions. */
function fetched(answers: Partial<EachBatchPayload> = {}) {
  const resolved: string[] = [];
  const committed: string[] = [];
  const messages = [0, 1, 2].map((offset) => ({ offset: String(offset) }) as KafkaMessage);
  const payload = {
    batch: { topic: 'orders', partition: 4, messages, lastOffset: () => '2' },
    resolveOffset: (offset) => resolved.push(offset),
    heartbeat: async () => undefined,
    pause: () => () => undefined,
    commitOffsetsIfNecessary: async (offsets) => {
      for (const { topic, partitions } of offsets?.topics ?? [])
        for (const { partition, offset } of partitions)
          committed.push(`${topic}/${partition} ${offset}`);
    },
    isRunning: () => true,
    ...answers,
  } as EachBatchPayload;
  return { payload, resolved, committed };
}

test('acknowledged records are committed as the next offset to read', async () => {
  const { handler } = handling(async (_batch, _signal, acknowledge) => {
    assert.equal(handler.inFlight(), 1);
    acknowledge(0);
    acknowledge(2);
  });
  const { payload, resolved, committed } = fetched();
  await handler.eachBatch(payload);
  assert.deepEqual(resolved, ['0', '2']);
  assert.deepEqual(committed, ['orders/4 3']);
  assert.equal(handler.inFlight(), 0);
});

test('a failed step pauses its partition, and the records acknowledged before it are committed', async () => {
  const { handler, paused } = handling(async (_batch, _signal, acknowledge) => {
    acknowledge(1);
    throw new Error('registry unavailable');
  });
  const { payload, committed } = fetched();
  await handler.eachBatch(payload);
  assert.deepEqual(paused, ['orders/4 registry unavailable']);
  assert.deepEqual(committed, ['orders/4 2']);
});

test('after a rebalance an in-flight batch no longer acknowledges, pauses or commits, and ends without an error', async () => {
  for (const outcome of ['done', 'registry unavailable', 'aborted'] as const) {
    const { handler, tracker, paused } = handling(async (_batch, signal, acknowledge) => {
      acknowledge(0);
      // The consumer does so when it learns of the new generation, which another fetcher joined.
      handler.abandon();
      tracker.forget();
      acknowledge(2);
      if (outcome === 'aborted') signal.throwIfAborted();
      if (outcome !== 'done') throw new Error(outcome);
    });
    const { payload, resolved, committed } = fetched();
    await handler.eachBatch(payload);
    assert.deepEqual(resolved, ['0']);
    assert.deepEqual(committed, []);
    assert.equal(tracker.nextOffset('orders', 4), undefined);
    assert.deepEqual(paused, []);
    assert.equal(handler.inFlight(), 0);
  }
});

test('a rejected heartbeat abandons the batch immediately and passes the error to kafkajs', async () => {
  const refused = new Error('rebalancing');
  let late: (() => void) | undefined;
  const { handler, tracker, paused } = handling(async (_batch, signal, acknowledge) => {
    late = () => acknowledge(2);
    await new Promise((_, reject) =>
      signal.addEventListener('abort', () => setImmediate(reject, signal.reason)),
    );
  });
  const { payload, resolved } = fetched({ heartbeat: () => Promise.reject(refused) });
  await assert.rejects(handler.eachBatch(payload), refused);
  late?.();
  assert.deepEqual(resolved, []);
  assert.deepEqual(paused, []);
  assert.equal(tracker.nextOffset('orders', 4), undefined);
});

test('a failed commit fails its batch', async () => {
  const { handler } = handling(async (_batch, _signal, acknowledge) => acknowledge(2));
  const refused = new Error('illegal generation');
  const { payload } = fetched({ commitOffsetsIfNecessary: () => Promise.reject(refused) });
  await assert.rejects(handler.eachBatch(payload), refused);
  assert.equal(handler.inFlight(), 0);
});
