import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { createRecordDecoder } from './record-decoder.ts';
import { answerWithin, SlowRegistryError } from './slow-registry.ts';
import { slowRegistry, virtualTime } from './testing/slow-registry.ts';

const record = (id: string | null, index: number) =>
  ({ offset: String(index), value: id === null ? null : Buffer.from(id) }) as KafkaMessage;

test('an answer in time is passed on, and a late one is ignored', async (context) => {
  const { now, during } = virtualTime(context);
  const after = (ms: number, error?: Error) =>
    new Promise<string>((resolve, reject) => {
      setTimeout(() => (error === undefined ? resolve('answer') : reject(error)), ms);
    });
  assert.equal(await during(answerWithin(after(90), 100)), 'answer');
  await assert.rejects(during(answerWithin(after(90, new TypeError('no')), 100)), TypeError);
  const before = now();
  await assert.rejects(
    during(answerWithin(after(300, new TypeError('no')), 100)),
    SlowRegistryError,
  );
  assert.equal(now() - before, 100);
  await during(after(300));
});

test('decoded records wait a second at most for the schema of a later record, which is still asked once', async (context) => {
  const { now, during } = virtualTime(context);
  const { deserializer, asked, decoded } = slowRegistry((id) => (id === 'slow' ? 5_000 : 10));
  const decodeRun = createRecordDecoder({
    deserializerOf: () => deserializer,
    tombstones: 'ignore',
    now,
  });
  const records = ['a', 'a', 'b', 'slow', 'a', 'c'].map(record);
  const first = await during(decodeRun('orders', records, 0));
  assert.deepEqual([first.next, first.deliveries.length, now()], [3, 3, 1_000]);
  const second = await during(decodeRun('orders', records, 3));
  // The second has waited for longer than a run may, so it does not ask for another schema.
  assert.deepEqual([second.next, second.deliveries.length, now()], [5, 2, 5_020]);
  assert.deepEqual(asked(), ['a', 'b', 'slow']);
  const third = await during(decodeRun('orders', records, 5));
  assert.deepEqual([third.next, now()], [6, 5_030]);
  assert.equal(decoded(), 7, 'only the record that was not waited for is decoded twice');
});

test('the schema of a key is waited for in the same way', async (context) => {
  const { now, during } = virtualTime(context);
  const { deserializer } = slowRegistry((id) => (id === 'slow' ? 5_000 : 10));
  const decodeRun = createRecordDecoder({
    deserializerOf: () => deserializer,
    keys: deserializer,
    tombstones: 'delete',
    now,
  });
  const records = ['a', 'slow', 'b'].map((key, index) => ({
    ...record(null, index),
    key: Buffer.from(key),
  }));
  assert.equal((await during(decodeRun('orders', records, 0))).next, 1);
  assert.equal(now(), 1_000);
  assert.equal((await during(decodeRun('orders', records, 1))).next, 2);
  assert.equal((await during(decodeRun('orders', records, 2))).next, 3);
});

test('whatever the registry takes, the runs are all records in order, and each ends in time and not without need', async (context) => {
  const { now, during } = virtualTime(context);
  const maxRunMs = 100;
  const ids = ['a', 'b', 'c', 'd', 'e', 'absent 1', 'absent 2'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...ids, null), { maxLength: 30 }),
      fc.array(fc.integer({ min: 0, max: 25 }), { minLength: ids.length, maxLength: ids.length }),
      async (values, delays) => {
        const answerMs = (id: string) => 10 * (delays[ids.indexOf(id)] as number);
        const { deserializer, asked, decoded } = slowRegistry(answerMs);
        const decodeRun = createRecordDecoder({
          deserializerOf: () => deserializer,
          tombstones: 'dlq',
          maxRunMs,
          now,
        });
        const records = values.map(record);
        const outcomes: string[] = [];
        let early = 0;
        for (let at = 0; at < records.length; ) {
          const startedAt = now();
          const run = await during(decodeRun('orders', records, at));
          const elapsedMs = now() - startedAt;
          assert.ok(run.next > at);
          if (run.next < records.length) {
            early += 1;
            assert.ok(elapsedMs >= maxRunMs, `ended after ${elapsedMs} ms`);
          }
          const [head] = values.slice(at);
          assert.ok(elapsedMs <= Math.max(maxRunMs, head == null ? 0 : answerMs(head)) + 10);
          outcomes.push(
            ...[
              ...run.deliveries.map(({ record, value }) => [record.offset, value] as const),
              ...run.refusals.map(({ record, reason }) => [record.offset, reason] as const),
            ]
              .sort(([a], [b]) => Number(a) - Number(b))
              .map(([offset, outcome]) => `${offset} ${outcome}`),
          );
          at = run.next;
        }
        const expected = values.map((id, offset) => {
          if (id === null) return `${offset} rejected`;
          return `${offset} ${id.startsWith('absent') ? 'undecodable' : id}`;
        });
        assert.deepEqual(outcomes, expected);
        assert.deepEqual(asked(), [...new Set(values.filter((id) => id !== null))]);
        const readable = expected.filter((outcome) => !/rejected|undecodable/.test(outcome));
        assert.ok(decoded() <= readable.length + early);
      },
    ),
    { numRuns: 200 },
  );
});
