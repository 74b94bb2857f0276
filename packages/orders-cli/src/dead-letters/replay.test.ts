import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerUnavailableError, type TopicRecord } from '@order-stream/runtime';
import fc from 'fast-check';
import { inTimeOrder } from './in-time-order.ts';
import { type ReplayOptions, replay } from './replay.ts';

interface Written {
  partition: number;
  key: string;
  offset: string;
}

/** Dead letters of one topic; `keys` has the key of each offset of each partition. */
function letters(keys: readonly (readonly string[])[]): TopicRecord[] {
  return keys.flatMap((ofPartition, partition) =>
    ofPartition.map((key, index) => ({
      topic: 'orders.dlq',
      partition,
      offset: BigInt(index),
      timestampMs: 1_000 + index,
      timestampType: 0,
      key: Buffer.from(key),
      value: Buffer.from('x'),
      headers: {
        'orders.dlq.reason': 'undecodable',
        'orders.dlq.topic': 'orders',
        'orders.dlq.partition': String(partition),
        'orders.dlq.offset': String(index),
        'orders.dlq.timestamp': String(1_000 + index),
      },
    })),
  );
}

function run(
  records: readonly TopicRecord[],
  options: Partial<ReplayOptions> & { failing?: (index: number) => boolean } = {},
) {
  const written: Written[] = [];
  let now = 0;
  let appended = 0;
  let inFlight = new Set<string>();
  const { failing = () => false, ...rest } = options;
  const result = replay({
    records: (async function* () {
      yield* records;
    })(),
    from: new Map([
      [0, 0n],
      [1, 0n],
    ]),
    accepts: () => true,
    targetOf: async ({ origin: { topic, partition } }) => ({ topic, partition }),
    writer: {
      refresh: async (topics) => new Set(topics),
      append(_topic, partition, record, _deadline, done, failed) {
        const key = String(record.key);
        assert.ok(!inFlight.has(key), 'no two records of one key are in flight');
        inFlight.add(key);
        const fails = failing(appended++);
        setImmediate(() => {
          inFlight = new Set();
          if (fails) return failed(new BrokerUnavailableError('gone'));
          const offset = String(record.headers?.['orders.dlq.offset']);
          written.push({ partition, key, offset });
          done(0n);
        });
      },
    },
    rate: Number.POSITIVE_INFINITY,
    limit: Number.POSITIVE_INFINITY,
    clock: {
      nowMs: () => now,
      sleepUntil: async (dueMs) => {
        now = Math.max(now, dueMs);
      },
    },
    wallClockMs: () => 0,
    stop: new AbortController().signal,
    onProgress: () => {},
    ...rest,
  });
  return result.then((ended) => ({ ...ended, written, elapsedMs: now }));
}

const keysOfPartitions = fc.array(
  fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }),
  {
    minLength: 2,
    maxLength: 2,
  },
);

test('every dead letter is replayed once, those of a key in their order', async () => {
  await fc.assert(
    fc.asyncProperty(keysOfPartitions, async (keys) => {
      const records = letters(keys);
      const { written, replayed, next, failure } = await run(records);
      assert.equal(failure, undefined);
      assert.equal(replayed, records.length);
      for (const key of ['a', 'b', 'c', 'd'])
        assert.deepEqual(
          written
            .filter((one) => one.key === key)
            .map(({ partition, offset }) => `${partition}@${offset}`),
          records
            .filter((one) => String(one.key) === key)
            .map(({ partition, offset }) => `${partition}@${offset}`),
        );
      for (const [partition, ofPartition] of keys.entries())
        if (ofPartition.length > 0) assert.equal(next.get(partition), BigInt(ofPartition.length));
    }),
  );
});

test('after a failure, the run that goes on loses nothing, and no key goes back', async () => {
  await fc.assert(
    fc.asyncProperty(keysOfPartitions, fc.integer({ min: 0, max: 20 }), async (keys, failingAt) => {
      const records = letters(keys);
      const first = await run(records, { failing: (index) => index === failingAt });
      assert.equal(first.failure === undefined, failingAt >= records.length);
      const rest = records.filter(
        ({ partition, offset }) => offset >= (first.next.get(partition) as bigint),
      );
      const second = await run(rest);
      const all = [...first.written, ...second.written];
      for (const { partition, offset } of records)
        assert.ok(all.some((one) => one.partition === partition && one.offset === String(offset)));
      // A repetition may follow, but nothing that was never written may come after a later record of its key.
      for (const key of ['a', 'b', 'c', 'd']) {
        const firsts: string[] = [];
        for (const one of all) {
          const place = `${one.partition}@${one.offset}`;
          if (one.key === key && !firsts.includes(place)) firsts.push(place);
        }
        assert.deepEqual(
          firsts,
          records
            .filter((one) => String(one.key) === key)
            .map((one) => `${one.partition}@${one.offset}`),
        );
      }
    }),
  );
});

test('a rate spreads the records, and a limit ends the run with the place to go on at', async () => {
  const records = letters([Array.from({ length: 100 }, (_, index) => `key-${index}`)]);
  const paced = await run(records, { rate: 20 });
  assert.equal(paced.elapsedMs, 4_900);
  const limited = await run(records, { limit: 30 });
  assert.deepEqual([limited.replayed, limited.next.get(0)], [30, 30n]);
});

test('a stop writes no further window', async () => {
  const records = letters([Array.from({ length: 50 }, () => 'same')]);
  const stop = new AbortController();
  const stopped = await run(records, {
    stop: stop.signal,
    onProgress: ({ replayed }) => replayed === 10 && stop.abort(),
  });
  assert.deepEqual([stopped.replayed, stopped.next.get(0)], [10, 10n]);
});

test('the merge by time keeps the order within each partition, with one answer a partition in memory', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.integer({ min: 1, max: 3 }),
      async (times, chunk) => {
        const logs = new Map(
          times.map((ofPartition, partition) => [
            partition,
            letters([ofPartition.map(String)]).map((record, index) => ({
              ...record,
              partition,
              timestampMs: ofPartition[index] as number,
            })),
          ]),
        );
        const held = new Map<number, number>();
        const reader = {
          open: () => [...logs].filter(([, log]) => log.length > 0).map(([partition]) => partition),
          read: async (partitions: readonly number[] = []) =>
            partitions.flatMap((partition) => {
              assert.equal(held.get(partition) ?? 0, 0, 'only an empty queue is filled');
              const records = logs.get(partition)?.splice(0, chunk) ?? [];
              held.set(partition, records.length);
              return records;
            }),
        };
        const merged: TopicRecord[] = [];
        const { signal } = new AbortController();
        for await (const record of inTimeOrder(reader, ({ timestampMs }) => timestampMs, signal)) {
          held.set(record.partition, (held.get(record.partition) as number) - 1);
          merged.push(record);
        }
        for (const [partition, ofPartition] of times.entries())
          assert.deepEqual(
            merged
              .filter((one) => one.partition === partition)
              .map(({ timestampMs }) => timestampMs),
            ofPartition,
          );
        if (times.every((one) => one.every((time, index) => time >= (one[index - 1] ?? 0))))
          assert.deepEqual(
            merged.map(({ timestampMs }) => timestampMs),
            times.flat().sort((one, other) => one - other),
          );
      },
    ),
  );
});
