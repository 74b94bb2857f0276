import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@order-stream/runtime';
import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { createAssignedPartitions } from './assigned-partitions.ts';
import { createByteBudget } from './byte-budget.ts';
import { parseMarks } from './commit-marks.ts';
import { createOffsetTracker } from './offset-tracker.ts';
import type { Refusal } from './refusal.ts';
import { createSinkAttempts } from './sink-attempts.ts';
import type { PartitionStart, Sink } from './sinks/sink.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const settled = () => new Promise(setImmediate);
const names = ['a', 'b'] as const;
type Name = (typeof names)[number];
/** `a` and `b`: that sink refuses the record. */
type Kind = 'good' | 'undecodable' | 'ignored' | Name;

/** Partition 0 of `orders`, its committed offset, and what the stores of both sinks and the dead-letter topic hold. */
function world(kinds: readonly Kind[], percent = 0) {
  const log = kinds.map(
    (_, offset) => ({ offset: String(offset), timestamp: '0' }) as KafkaMessage,
  );
  const stored: Record<Name, number[]> = { a: [], b: [] };
  const letters: number[] = [];
  let committed = { offset: 0n, metadata: '' };
  let position = 0;
  let topicId: string | undefined = 'first';

  const isExpected = (sink: Name, offset: number) =>
    kinds[offset] === 'good' || (names.includes(kinds[offset] as Name) && kinds[offset] !== sink);
  const isLetter = (offset: number) => kinds[offset] !== 'good' && kinds[offset] !== 'ignored';

  function checkCommit(offset: bigint): void {
    for (let below = 0; below < offset; below += 1) {
      for (const sink of names)
        if (isExpected(sink, below))
          assert.ok(stored[sink].includes(below), `${sink} has not stored ${below}`);
      if (isLetter(below)) assert.ok(letters.includes(below), `no dead letter of ${below}`);
    }
  }

  /** A process: its own partitions and sinks. What it did not store is lost with it. */
  function start() {
    const tasks: Record<Name, (() => Promise<void>)[]> = { a: [], b: [] };
    const busy = new Set<Name>();
    const sending: (() => void)[] = [];
    const paused = new Set<string>();

    const sinkNamed = (name: Name): Sink => ({
      name,
      holdMs: 0,
      open(start: PartitionStart) {
        const from = start.mark ?? start.offset;
        return {
          from,
          take({ deliveries, next }) {
            for (const { record } of deliveries)
              assert.ok(
                BigInt(record.offset) >= from,
                `${name} has stored ${record.offset} before`,
              );
            tasks[name].push(async () => {
              if (start.signal.aborted) return;
              for (const { record } of deliveries)
                if (kinds[Number(record.offset)] === name)
                  await start.rejected({ record, reason: 'rejected', error: new Error('no') });
                else stored[name].push(Number(record.offset));
              if (!start.signal.aborted) start.durable(next);
            });
          },
          flush() {},
          close() {},
        };
      },
      failureClassOf: () => 'bug',
      relieve() {},
      close() {},
    });
    const partitions = createAssignedPartitions({
      sinks: names.map((name) => ({
        sink: sinkNamed(name),
        attempts: createSinkAttempts({ sink: name, failureClassOf: () => 'bug', logger }),
      })),
      async decodeRun(_topic, records, from) {
        const run = records.slice(from, from + 3);
        const kindOf = ({ offset }: KafkaMessage) => kinds[Number(offset)];
        const refusals: Refusal[] = run
          .filter((record) => kindOf(record) === 'undecodable')
          .map((record) => ({ record, reason: 'undecodable', error: new Error('bytes') }));
        const deliveries = run
          .filter((record) => !['undecodable', 'ignored'].includes(kindOf(record) as Kind))
          .map((record) => ({ record, value: 0, schema: undefined }));
        return { deliveries, refusals, next: from + run.length };
      },
      sendDeadLetter: (_topic, _partition, { record }) =>
        new Promise((resolve) =>
          sending.push(() => {
            letters.push(Number(record.offset));
            resolve();
          }),
        ),
      brakeLimits: { percent, consecutive: 0 },
      brakeRemedy: 'lift it',
      budget: createByteBudget({ limitBytes: 1, onFull: () => undefined }),
      tracker: createOffsetTracker(),
      health: {
        progressed: () => undefined,
        took: () => undefined,
        paused: () => undefined,
        pausedPartitions: () => 0,
      },
      metrics: { consumed: () => undefined, processed: () => undefined, paused: () => undefined },
      logger,
      onSinkClosed: () => assert.fail('no sink is closed'),
    });
    let isAlive = true;
    partitions.readBy({
      pause: (topic, partition) => paused.add(`${topic}/${partition}`),
      resume: (topic, partition) => paused.delete(`${topic}/${partition}`),
      seek: (_topic, _partition, offset) => {
        position = Number(offset);
      },
      async commit(offsets) {
        if (!isAlive) throw new Error('another generation');
        for (const { offset, metadata } of offsets) {
          assert.ok(BigInt(offset) >= committed.offset, 'a commit never decreases');
          checkCommit(BigInt(offset));
          committed = { offset: BigInt(offset), metadata };
        }
      },
    });
    const never = new AbortController();
    let taking: Promise<void> | undefined;
    const origin = () => ({
      topic: 'orders',
      partition: 0,
      topicId,
      offset: committed.offset,
      marks: parseMarks(committed.metadata),
    });
    const begin = () => {
      position = Number(committed.offset);
      partitions.begin(origin());
    };
    begin();
    return {
      partitions,
      isPaused: () => paused.size > 0,
      /** As kafkajs: one batch of a partition after another. */
      fetch(count: number): void {
        if (taking !== undefined || position >= log.length) return;
        const records = log.slice(position, position + count);
        const last = records.at(-1) as KafkaMessage;
        taking = partitions
          .takeBatch(
            {
              topic: 'orders',
              partition: 0,
              records,
              fetchedOffset: BigInt(position),
              lastOffset: BigInt(last.offset),
            },
            never.signal,
            (offset) => {
              position = Number(offset) + 1;
            },
          )
          .finally(() => {
            taking = undefined;
          });
      },
      /** One run after another, as a sink that keeps the order. */
      store(name: Name): void {
        const task = busy.has(name) ? undefined : tasks[name].shift();
        if (task === undefined) return;
        busy.add(name);
        void task().finally(() => busy.delete(name));
      },
      acknowledge: () => sending.shift()?.(),
      isIdle: () =>
        taking === undefined &&
        sending.length === 0 &&
        names.every((name) => tasks[name].length === 0 && !busy.has(name)),
      revoke(): void {
        partitions.end();
        begin();
      },
      /** As when the group has no offsets. Undefined: the broker does not give the id of the topic. */
      beginAnew(id: string | undefined): void {
        topicId = id;
        committed = { offset: 0n, metadata: '' };
        this.revoke();
      },
      /** As when the log ends before the next offset. */
      reset(): void {
        position = 0;
        committed = { offset: 0n, metadata: '' };
        partitions.reset('orders', 0, 0n);
      },
      kill(): void {
        isAlive = false;
        partitions.end();
      },
    };
  }
  return {
    start,
    stored,
    letters,
    committed: () => committed.offset,
    position: () => position,
    isExpected,
    isLetter,
    log,
  };
}

const kind = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Kind>('good') },
  { weight: 1, arbitrary: fc.constantFrom<Kind>('undecodable', 'ignored', 'a', 'b') },
);
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fetch' as const),
      count: fc.integer({ min: 1, max: 7 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('store' as const), sink: fc.constantFrom(...names) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('acknowledge' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('drain' as const, 'revoke' as const, 'kill' as const),
    }),
  },
);

test('through any order of fetches, completions, refusals, revocations and crashes, a commit covers only what every store has, and in the end each has everything', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(kind, { minLength: 1, maxLength: 40 }),
      fc.array(command, { maxLength: 60 }),
      async (kinds, commands) => {
        const { start, stored, letters, committed, isExpected, isLetter, log } = world(kinds);
        let process = start();
        let isOrderly = true;
        for (const one of commands) {
          if (one.do === 'fetch') process.fetch(one.count);
          else if (one.do === 'store') process.store(one.sink);
          else if (one.do === 'acknowledge') process.acknowledge();
          else if (one.do === 'drain') await process.partitions.drain('revoked', 0);
          else {
            isOrderly = false;
            if (one.do === 'revoke') process.revoke();
            else {
              process.kill();
              process = start();
            }
          }
          if (one.do === 'drain') process.revoke();
          await settled();
        }
        for (let round = 0; committed() < log.length; round += 1) {
          assert.ok(round < 1_000, `stuck at ${committed()} of ${log.length}`);
          process.fetch(7);
          await settled();
          for (const name of names) process.store(name);
          process.acknowledge();
          await settled();
          if (process.isIdle()) await process.partitions.drain('stop', 0);
          if (process.isIdle() && committed() < log.length) process.revoke();
        }
        process.kill();
        for (const sink of names) {
          const expected = log
            .map((_, offset) => offset)
            .filter((offset) => isExpected(sink, offset));
          const found = [...stored[sink]].sort((x, y) => x - y);
          assert.deepEqual([...new Set(found)], expected);
          if (isOrderly && !commands.some((one) => one.do === 'drain'))
            assert.deepEqual(stored[sink], expected, 'in order, and once');
        }
        const refused = log.map((_, offset) => offset).filter(isLetter);
        assert.deepEqual(
          [...new Set(letters)].sort((x, y) => x - y),
          refused,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('a drain ends in time while a store does not answer, each time', async () => {
  const { start } = world(['good']);
  const { partitions, fetch, revoke } = start();
  // A timer may fire a little before its time by `performance.now()`: not each time.
  for (let round = 0; round < 300; round += 1) {
    fetch(1);
    await settled();
    await partitions.drain('stop', 1);
    revoke();
  }
});

test('a drain ends in time while the coordinator does not answer', async () => {
  const { start } = world(['good']);
  const { partitions, fetch, store, isIdle } = start();
  const sent: string[] = [];
  partitions.readBy({
    pause: () => undefined,
    resume: () => undefined,
    seek: () => undefined,
    commit(offsets) {
      for (const { offset } of offsets) sent.push(offset);
      return new Promise(() => undefined);
    },
  });
  fetch(1);
  await settled();
  for (const name of names) store(name);
  await settled();
  assert.ok(isIdle());
  await partitions.drain('stop', 20);
  assert.deepEqual(sent, ['0'], 'the commit of the beginning has no answer');
});

type Started = ReturnType<ReturnType<typeof world>['start']>;
for (const [what, change, id, dead] of [
  ['is the same', (process) => process.beginAnew('first'), 'first', 150],
  [
    'is another: the topic was created again',
    (process) => process.beginAnew('second'),
    'second',
    99,
  ],
  ['lacks the next offset', (process) => process.reset(), 'first', 99],
] satisfies [string, (process: Started) => void, string, number][])
  test(`the dead-letter brake begins anew with another log only: the log ${what}`, async () => {
    const kinds = Array<Kind>(310).fill('ignored');
    const { start, letters, position } = world(kinds, 50);
    const process = start();
    /** Takes the records up to `end`, or up to the one that is held back. */
    const takeUntil = async (end: number) => {
      while (position() < end && process.partitions.brakedPartitions() === 0) {
        process.fetch(1);
        process.acknowledge();
        await settled();
      }
    };
    await takeUntil(150);
    kinds.fill('undecodable', dead === 150 ? 150 : 0);
    change(process);
    // A held brake waits for someone, also when the partition was with another member meanwhile.
    for (const nextId of [undefined, id]) {
      await takeUntil(310);
      assert.deepEqual([process.partitions.brakedPartitions(), new Set(letters).size], [1, dead]);
      process.beginAnew(nextId);
    }
    await takeUntil(310);
    assert.deepEqual([process.partitions.brakedPartitions(), new Set(letters).size], [1, dead]);
  });
