import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Delivery } from '../../delivery.ts';
import type { Sink } from '../sink.ts';
import { openPartition } from './opened-partition.ts';

/** One store, and sinks that write to it. */
export interface SinkHarness {
  /** A sink as a new process would create it. */
  create(): Sink;
  /** A record that the sink stores. Each offset has a key of its own. */
  delivery(offset: number): Delivery;
  /** A record that the sink refuses. Absent if it refuses none. */
  refused?(offset: number): Delivery;
  /** The offsets of partition 0 that the store holds, in its order, with repetitions. */
  stored(): Promise<readonly number[]>;
  /** Lets every request fail in a way that may pass, or no longer. Absent if the store cannot fail like that. */
  fail?(isFailing: boolean): void;
  /** Whether a record that is delivered again is stored once. */
  storesOnce: boolean;
}

/** What every sink promises. Call it once in the test file of a sink. */
export function sinkContract(
  name: string,
  createHarness: (context: TestContext) => Promise<SinkHarness>,
): void {
  const deliveries = ({ delivery }: SinkHarness, from: number, count: number) =>
    Array.from({ length: count }, (_, i) => delivery(from + i));
  const offsets = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => from + i);
  const sorted = (stored: readonly number[]) => [...stored].sort((a, b) => a - b);
  /** The store has the first `count` offsets, and each once if the sink promises it. */
  const assertStored = async (harness: SinkHarness, count: number) => {
    const found = await harness.stored();
    assert.deepEqual([...new Set(sorted(found))], offsets(0, count));
    if (harness.storesOnce) assert.equal(found.length, count);
  };
  /** A process that has stored 30 records, and has not committed them. */
  const storedBefore = async (harness: SinkHarness) => {
    const sink = harness.create();
    const opened = await openPartition(sink);
    await opened.take(deliveries(harness, 0, 30));
    opened.part.flush('time');
    await opened.stored(30n);
    return { crashed: sink, before: opened };
  };
  const contract = (title: string, run: (harness: SinkHarness) => Promise<void>) =>
    test(`${name}: ${title}`, async (context) => run(await createHarness(context)));

  contract('everything taken is stored after a flush, and then durable', async (harness) => {
    const sink = harness.create();
    const { part, take, stored, close } = await openPartition(sink);
    for (let run = 0; run < 5; run += 1) await take(deliveries(harness, run * 20, 20));
    part.flush('stop');
    await stored(100n);
    assert.deepEqual(sorted(await harness.stored()), offsets(0, 100));
    close();
    await sink.close();
  });

  contract(
    'runs without records move the watermark, also when nothing else comes',
    async (harness) => {
      const sink = harness.create();
      const { part, take, stored, mark, close } = await openPartition(sink);
      await take([], 7n);
      part.flush('time');
      await stored(7n);
      await take(deliveries(harness, 7, 3));
      await take([], 15n);
      part.flush('time');
      await stored(15n);
      assert.ok((mark() as bigint) <= 15n);
      assert.deepEqual(sorted(await harness.stored()), offsets(7, 3));
      close();
      await sink.close();
    },
  );

  contract('a flush of a partition that has taken nothing reports nothing', async (harness) => {
    const sink = harness.create();
    const { part, durable, close } = await openPartition(sink, { offset: 5n });
    part.flush('revoked');
    sink.relieve();
    await new Promise(setImmediate);
    assert.equal(durable(), 5n);
    close();
    await sink.close();
  });

  contract(
    'what was taken but not stored is delivered again after a crash, and stored',
    async (harness) => {
      const { crashed, before } = await storedBefore(harness);
      await before.take(deliveries(harness, 30, 10));
      before.close();
      const [committed, mark] = [before.durable(), before.mark()];
      const sink = harness.create();
      const after = await openPartition(sink, { offset: committed, mark });
      assert.ok(after.part.from <= committed);
      if (committed < 40n)
        await after.take(deliveries(harness, Number(committed), 40 - Number(committed)));
      after.part.flush('stop');
      await after.stored(40n);
      await assertStored(harness, 40);
      after.close();
      await sink.close();
      await crashed.close();
    },
  );

  contract(
    'records that the last owner stored but did not commit are delivered again',
    async (harness) => {
      const { crashed, before } = await storedBefore(harness);
      before.close();
      const sink = harness.create();
      const after = await openPartition(sink);
      const from = Number(after.part.from);
      await after.take(deliveries(harness, from, 45 - from));
      after.part.flush('stop');
      await after.when(() => after.durable() >= 45n || after.reopened.length > 0);
      // A sink may need to begin again, where it now knows the store to be.
      if (after.reopened.length > 0) {
        after.close();
        const [offset, mark] = [after.durable(), after.mark()];
        const again = await openPartition(sink, { offset, mark });
        const start = Number(again.part.from);
        await again.take(deliveries(harness, start, 45 - start));
        again.part.flush('stop');
        await again.stored(45n);
        again.close();
      }
      await assertStored(harness, 45);
      after.close();
      await sink.close();
      await crashed.close();
    },
  );

  contract('partitions are independent of each other', async (harness) => {
    const sink = harness.create();
    const zero = await openPartition(sink, { partition: 0 });
    const one = await openPartition(sink, { partition: 1 });
    await zero.take(deliveries(harness, 0, 10));
    await one.take(deliveries(harness, 500, 10));
    one.close();
    zero.part.flush('stop');
    await zero.stored(10n);
    assert.deepEqual(
      sorted(await harness.stored()).filter((offset) => offset < 500),
      offsets(0, 10),
    );
    zero.close();
    await sink.close();
  });

  contract('a partition that is over begins nothing and reports nothing', async (harness) => {
    const sink = harness.create();
    const { part, take, durable, close } = await openPartition(sink);
    await take(deliveries(harness, 0, 5));
    close();
    const [before, count] = [durable(), (await harness.stored()).length];
    part.flush('stop');
    sink.relieve();
    await sink.close();
    // `durable` of a closed partition throws.
    assert.equal(durable(), before);
    assert.ok((await harness.stored()).length <= count + 5);
  });

  contract(
    'nothing is durable while the store fails; afterwards everything is, in order',
    async (harness) => {
      if (harness.fail === undefined) return;
      const sink = harness.create();
      const { part, take, durable, faults, when, stored, close } = await openPartition(sink);
      harness.fail(true);
      const taken = take(deliveries(harness, 0, 40));
      part.flush('time');
      await when(() => faults().length > 0);
      assert.equal(durable(), 0n);
      assert.ok(faults().every((fault) => fault.includes(`sink ${sink.name}`)));
      harness.fail(false);
      await taken;
      await stored(40n);
      assert.deepEqual(faults(), []);
      await assertStored(harness, 40);
      close();
      await sink.close();
    },
  );

  contract('a refused record is reported once and the others are stored', async (harness) => {
    if (harness.refused === undefined) return;
    const sink = harness.create();
    const { part, take, refusals, stored, close } = await openPartition(sink);
    const bad = harness.refused(3);
    await take([...deliveries(harness, 0, 3), bad, ...deliveries(harness, 4, 3)]);
    part.flush('stop');
    await stored(7n);
    assert.deepEqual(
      refusals.map(({ record: { offset } }) => offset),
      ['3'],
    );
    assert.deepEqual(sorted(await harness.stored()), [0, 1, 2, 4, 5, 6]);
    close();
    await sink.close();
  });

  contract(
    'a refused record is not durable before it is on the dead-letter topic',
    async (harness) => {
      if (harness.refused === undefined) return;
      const sink = harness.create();
      const acknowledged = Promise.withResolvers<void>();
      let isAsked = false;
      const opened = await openPartition(sink, {
        rejected: () => {
          isAsked = true;
          return acknowledged.promise;
        },
      });
      const taken = opened.take([...deliveries(harness, 0, 2), harness.refused(2)]);
      opened.part.flush('stop');
      while (!isAsked) await new Promise(setImmediate);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(opened.durable() <= 2n);
      acknowledged.resolve();
      await taken;
      await opened.stored(3n);
      opened.close();
      await sink.close();
    },
  );
}
