import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { createBatchProcessor } from './batch-processor.ts';
import type { Refusal } from './refusal.ts';
import type { Sink } from './sinks/sink.ts';

type Fate = 'decoded' | 'refused' | 'sink-refuses';

/** Processes a batch whose records have the given fates. Each step fails if `failing` returns true. */
function pipeline(fates: readonly Fate[], failing: () => boolean) {
  const records = fates.map((_, index) => ({ offset: String(index) }) as KafkaMessage);
  const durable = new Set<string>();
  const schema = { dataFormat: 'AVRO', definition: '"string"' } as const;
  const fateOf = ({ offset }: KafkaMessage) => fates[Number(offset)] as Fate;
  const step = () => {
    if (failing()) throw new Error('down');
  };
  const refusal = (record: KafkaMessage): Refusal => ({
    record,
    reason: 'undecodable',
    error: new Error('no'),
  });
  const sink: Sink = {
    async deliver(_topic, _partition, deliveries) {
      step();
      const refused = deliveries.filter(({ record }) => fateOf(record) === 'sink-refuses');
      for (const { record } of deliveries)
        if (fateOf(record) === 'decoded') durable.add(record.offset);
      return refused.map(({ record }) => refusal(record));
    },
    busySince: () => undefined,
    movedSlowlyAt: () => undefined,
  };
  const processBatch = createBatchProcessor({
    async decodeRun(all, from) {
      step();
      const refusedAt = (index: number) => fateOf(all[index] as KafkaMessage) === 'refused';
      const first = refusedAt(from);
      let next = from;
      while (next < all.length && refusedAt(next) === first) next += 1;
      const run = all.slice(from, next);
      return {
        deliveries: first ? [] : run.map((record) => ({ record, value: '', schema })),
        refusals: first ? run.map(refusal) : [],
        next,
      };
    },
    sink,
    async sendDeadLetters(_topic, _partition, refusals) {
      step();
      for (const { record } of refusals) durable.add(record.offset);
    },
  });
  return { records, durable, processBatch };
}

const fate = fc.constantFrom<Fate>('decoded', 'refused', 'sink-refuses');

test('for any sequence of failures, a record is acknowledged only when it and all records before it are durable', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { minLength: 1, maxLength: 30 }),
      fc.infiniteStream(fc.boolean()),
      async (fates, chance) => {
        let attempts = 0;
        const failing = () => attempts < 20 && chance.next().value;
        const { records, durable, processBatch } = pipeline(fates, failing);
        const { signal } = new AbortController();
        let acknowledged = -1;
        // As in the consumer, a failed batch is fetched again from the first unacknowledged record.
        for (; acknowledged < records.length - 1; attempts += 1) {
          const start = acknowledged + 1;
          const batch = { topic: 'orders', partition: 0, records: records.slice(start) };
          await processBatch(batch, signal, (last) => {
            assert.ok(start + last > acknowledged);
            acknowledged = start + last;
            for (let i = 0; i <= acknowledged; i += 1) assert.ok(durable.has(String(i)));
          }).catch((error) => assert.equal(error.message, 'down'));
        }
        assert.equal(durable.size, records.length);
      },
    ),
  );
});

test('no further run begins after the partition is lost', async () => {
  const { records, durable, processBatch } = pipeline(
    ['decoded', 'refused', 'decoded'],
    () => false,
  );
  const lost = new AbortController();
  await processBatch({ topic: 'orders', partition: 0, records }, lost.signal, () => lost.abort());
  assert.deepEqual([...durable], ['0']);
});
