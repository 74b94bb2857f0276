import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@order-stream/runtime';
import { createDeserializer } from '@order-stream/serde';
import type { KafkaMessage } from 'kafkajs';
import { createAssignedPartition, type PartitionParts } from './assigned-partition.ts';
import { createByteBudget } from './byte-budget.ts';
import { createConsumerHealth } from './consumer-health.ts';
import { createDeadLetterBrake } from './dead-letter-brake.ts';
import { createRecordDecoder, type DecodedRun } from './record-decoder.ts';
import { createSinkAttempts } from './sink-attempts.ts';
import type { PartitionStart, Sink, SinkRun } from './sinks/sink.ts';
import { slowRegistry, virtualTime } from './testing/slow-registry.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const records = (from: number, count: number) =>
  Array.from(
    { length: count },
    (_, i) => ({ offset: String(from + i), timestamp: '7' }) as KafkaMessage,
  );
const batch = (from: number, count: number, lastOffset = from + count - 1) => ({
  topic: 'orders',
  partition: 0,
  records: records(from, count),
  fetchedOffset: BigInt(from),
  lastOffset: BigInt(lastOffset),
});
const decoded = async (
  _topic: string,
  all: readonly KafkaMessage[],
  from: number,
): Promise<DecodedRun> => ({
  deliveries: all.slice(from, from + 2).map((record) => ({ record, value: 0, schema: undefined })),
  refusals: [],
  next: Math.min(from + 2, all.length),
});

/** Partition 0 from offset 0, with one sink that stores when the test says so. */
function assigned({
  consecutive = 0,
  ...parts
}: Partial<PartitionParts> & { consecutive?: number } = {}) {
  const starts: PartitionStart[] = [];
  const taken: SinkRun[] = [];
  const events: string[] = [];
  const acknowledged: string[] = [];
  let change = Promise.withResolvers<void>();
  let takes: () => void | Promise<void> = () => undefined;
  const sink: Sink = {
    name: 'store',
    holdMs: 0,
    open(start) {
      starts.push(start);
      return {
        from: start.mark ?? start.offset,
        take(run) {
          taken.push(run);
          return takes();
        },
        flush() {},
        close: () => events.push('closed'),
      };
    },
    failureClassOf: () => 'transient',
    relieve() {},
    close() {},
  };
  const origin = { topic: 'orders', partition: 0, topicId: 'id', offset: 0n, marks: new Map() };
  const one = createAssignedPartition(origin, {
    sinks: [
      {
        sink,
        attempts: createSinkAttempts({ sink: 'store', failureClassOf: () => 'transient', logger }),
      },
    ],
    decodeRun: decoded,
    sendDeadLetter: async (_topic, _partition, { record }) => {
      events.push(`dead letter ${record.offset}`);
    },
    brake: createDeadLetterBrake({ percent: 0, consecutive }),
    brakeRemedy: 'Lift it',
    budget: createByteBudget({ limitBytes: 1_000, onFull: () => undefined }),
    health: {
      progressed: () => undefined,
      took: () => undefined,
      paused: (_topic, _partition, reason) => events.push(reason ?? 'not paused'),
      pausedPartitions: () => 0,
    },
    metrics: { consumed: () => undefined, processed: () => undefined, paused: () => undefined },
    logger,
    onSinkClosed: () => assert.fail('no sink is closed'),
    pause: () => events.push('pause'),
    resume: () => events.push('resume'),
    seek: (offset) => events.push(`seek ${offset}`),
    acknowledge: (watermark, marks) => acknowledged.push(`${watermark} ${marks}`),
    isDraining: () => false,
    changed() {
      change.resolve();
      change = Promise.withResolvers<void>();
    },
    change: () => change.promise,
    ...parts,
  });
  const { signal } = new AbortController();
  const resolved: bigint[] = [];
  return {
    one,
    starts,
    taken,
    events,
    acknowledged,
    resolved,
    takeBatch: (of: ReturnType<typeof batch>, by = signal) =>
      one.takeBatch(of, by, (offset) => resolved.push(offset)),
    /** What the sink's next takes return. */
    answer(next: () => void | Promise<void>): void {
      takes = next;
    },
    /** Resolves when the condition holds. */
    async until(isDone: () => boolean): Promise<void> {
      while (!isDone()) await change.promise;
    },
  };
}

test('a batch is taken in runs, and the last run ends behind the transaction markers', async () => {
  const { takeBatch, taken, resolved, starts, acknowledged } = assigned();
  await takeBatch(batch(0, 5, 6));
  assert.deepEqual(
    taken.map(({ deliveries, next }) => [deliveries.length, next]),
    [
      [2, 2n],
      [2, 4n],
      [1, 7n],
    ],
  );
  assert.deepEqual(resolved, [1n, 3n, 6n]);
  starts[0]?.durable(4n);
  starts[0]?.durable(7n, 5n);
  assert.deepEqual(acknowledged, ['4 store=4', '7 store=5']);
});

test('a batch of markers alone moves the position', async () => {
  const { takeBatch, taken, resolved, one } = assigned();
  await takeBatch(batch(0, 0, 3));
  assert.deepEqual(taken, [{ deliveries: [], next: 4n }]);
  assert.deepEqual(resolved, [3n]);
  assert.equal(one.position(), 4n);
});

test('a batch that was fetched from another offset is not taken, and the fetch is corrected', async () => {
  const { takeBatch, taken, events } = assigned();
  await takeBatch(batch(0, 2));
  await takeBatch(batch(5, 2));
  await takeBatch(batch(0, 2));
  assert.equal(taken.length, 1);
  assert.deepEqual(events, ['seek 2', 'seek 2']);
});

test('a sink that is slow delays the batch; once its partition is held, the batch ends and the next one waits', async () => {
  const { takeBatch, taken, resolved, starts, answer, events } = assigned();
  const slow = Promise.withResolvers<void>();
  answer(() => slow.promise);
  let isEnded = false;
  const first = takeBatch(batch(0, 6)).then(() => {
    isEnded = true;
  });
  while (taken.length === 0) await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.equal(isEnded, false);
  const { signal } = starts[0] as PartitionStart;
  let isDown = true;
  const storing = starts[0]?.attempt('put', async () => {
    if (isDown) throw new Error('refused');
  });
  await first;
  assert.deepEqual(resolved, [1n]);
  assert.deepEqual(events, ['pause', 'sink store (transient): put: refused']);
  isDown = false;
  await storing;
  assert.deepEqual(events.slice(-2), ['resume', 'not paused']);
  answer(() => undefined);
  const second = takeBatch(batch(2, 2));
  await new Promise(setImmediate);
  assert.equal(taken.length, 1, 'the first run is not taken yet');
  slow.resolve();
  await second;
  assert.deepEqual(
    taken.map(({ next }) => next),
    [2n, 4n],
  );
  assert.equal(signal.aborted, false);
});

test('a schema that the registry does not find at once holds the partition, and the batch ends', async () => {
  const found = Promise.withResolvers<void>();
  let isKnown = false;
  const { takeBatch, taken, resolved, events, until } = assigned({
    async decodeRun(topic, all, from) {
      if (!isKnown) await found.promise;
      return decoded(topic, all, from);
    },
  });
  await takeBatch(batch(0, 2));
  assert.deepEqual([taken.length, resolved.length], [0, 0]);
  assert.equal(events[0], 'pause');
  assert.match(events[1] ?? '', /^the registry has not answered yet/);
  isKnown = true;
  found.resolve();
  await until(() => events.includes('resume'));
  await takeBatch(batch(0, 2));
  assert.deepEqual(resolved, [1n]);
});

test('S2-08 a run that the registry never answers in time is taken when it is decoded, with its dead letters', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const answers: PromiseWithResolvers<void>[] = [];
  const { takeBatch, resolved, taken, events, until } = assigned({
    // A pass takes longer than the registry's answers are remembered, so that each one asks for everything.
    async decodeRun(_topic, all, from) {
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      await answer.promise;
      return {
        deliveries: [],
        refusals: all
          .slice(from)
          .map((record) => ({ record, reason: 'undecodable', error: new Error('schema') })),
        next: all.length,
      };
    },
  });
  const late = takeBatch(batch(0, 2));
  while (answers.length === 0) await new Promise(setImmediate);
  context.mock.timers.tick(250);
  await late;
  assert.deepEqual(resolved, []);
  answers[0]?.resolve();
  await until(() => events.includes('resume'));
  const fetchedAgain = takeBatch(batch(0, 2));
  await new Promise(setImmediate);
  context.mock.timers.tick(250);
  await fetchedAgain;
  assert.equal(answers.length, 1);
  assert.deepEqual(resolved, [1n]);
  assert.deepEqual(
    taken.map(({ next }) => next),
    [2n],
  );
  assert.deepEqual(events.slice(-2), ['dead letter 0', 'dead letter 1']);
});

test('records of 1000 schema versions are taken every second while a slow registry answers, and the partition stays alive', async (context) => {
  const { now, during } = virtualTime(context);
  const { deserializer, asked } = slowRegistry(() => 100);
  const health = createConsumerHealth({ now, stopping: () => false, sinks: () => [] });
  health.joined({ orders: [0] });
  let isPaused = false;
  let consumed = 0;
  const { takeBatch, taken, starts, until, one } = assigned({
    decodeRun: createRecordDecoder({
      deserializerOf: () => deserializer,
      tombstones: 'ignore',
      now,
    }),
    health,
    metrics: {
      consumed: (_topic, records) => {
        consumed += records;
      },
      processed: () => undefined,
      paused: () => {
        isPaused = health.pausedPartitions() > 0;
      },
    },
  });
  const ids = Array.from({ length: 1_000 }, (_, i) => `schema ${i}`);
  const fetched = batch(0, ids.length);
  for (const [i, id] of ids.entries())
    Object.assign(fetched.records[i] as KafkaMessage, { value: Buffer.from(id) });
  let takenAt = 0;
  while (one.position() < 1_000n) {
    const before = taken.length;
    const records = fetched.records.slice(Number(one.position()));
    await during(takeBatch({ ...fetched, records, fetchedOffset: one.position() }));
    health.observedLag('orders', 0, 1_000 - consumed);
    if (taken.length > before) {
      assert.ok(now() - takenAt <= 1_500, `${now() - takenAt} ms without a record`);
      takenAt = now();
      starts[0]?.durable(one.position());
    }
    await during(until(() => !isPaused));
    assert.deepEqual(health.liveness(), []);
  }
  assert.ok(now() <= 101_000, `${now()} ms`);
  const offsets = taken.flatMap(({ deliveries }) => deliveries.map(({ record }) => record.offset));
  assert.deepEqual(
    offsets,
    ids.map((_, offset) => String(offset)),
  );
  assert.deepEqual(asked(), ids);
  assert.equal(consumed, 1_000);
});

test('a decoding that ends after its partition was opened again is not used', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const answers: PromiseWithResolvers<void>[] = [];
  const { takeBatch, starts, taken, events, until } = assigned({
    async decodeRun(topic, all, from) {
      if (from === 2) {
        const answer = Promise.withResolvers<void>();
        answers.push(answer);
        await answer.promise;
      }
      return decoded(topic, all, from);
    },
  });
  const late = takeBatch(batch(0, 4));
  while (answers.length === 0) await new Promise(setImmediate);
  context.mock.timers.tick(250);
  await late;
  starts[0]?.reopen(new Error('another writer'));
  context.mock.timers.tick(250);
  answers[0]?.resolve();
  await until(() => events.includes('resume'));
  const fetchedAgain = takeBatch(batch(0, 4));
  while (answers.length === 1) await new Promise(setImmediate);
  answers[1]?.resolve();
  await fetchedAgain;
  assert.deepEqual(
    taken.map(({ next }) => next),
    [2n, 2n, 4n],
  );
});

test('a registry that fails holds the partition, and what was taken before is not taken again', async () => {
  let isDown = true;
  const { takeBatch, resolved, taken, events, until } = assigned({
    async decodeRun(topic, all, from) {
      if (from === 2 && isDown) throw new Error('registry unavailable');
      return decoded(topic, all, from);
    },
  });
  await takeBatch(batch(0, 4));
  assert.deepEqual(resolved, [1n]);
  assert.deepEqual(events, ['pause', 'registry unavailable']);
  isDown = false;
  await until(() => events.includes('resume'));
  await takeBatch(batch(2, 2));
  assert.deepEqual(
    taken.map(({ next }) => next),
    [2n, 4n],
  );
});

test('a data format that is not loaded holds the partition and says how to load it; nothing becomes a dead letter', async () => {
  const schema = { schemaId: 7, dataFormat: 'JSON', definition: '{}' } as const;
  const deserializer = createDeserializer({
    registry: {
      framing: 'confluent',
      schemaById: async () => schema,
      schemaByDefinition: async () => schema,
    },
  });
  const health = createConsumerHealth({ stopping: () => false, sinks: () => [] });
  health.joined({ orders: [0] });
  const { takeBatch, resolved, taken, events, acknowledged, until } = assigned({
    decodeRun: createRecordDecoder({ deserializerOf: () => deserializer, tombstones: 'ignore' }),
    health,
  });
  const framed = Buffer.from('000000000731', 'hex');
  const ofJson = {
    ...batch(0, 2),
    records: batch(0, 2).records.map((one) => ({ ...one, value: framed })),
  };
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    await takeBatch(ofJson);
    assert.deepEqual(health.readiness(), [
      "orders/0 is paused: data format JSON of schema version 7 is not loaded: add jsonSchemaFormat() of @order-stream/serde/json-schema to 'formats'",
    ]);
    await until(() => events.length === 2 * attempt);
  }
  assert.deepEqual(events, ['pause', 'resume', 'pause', 'resume']);
  assert.deepEqual([resolved, taken, acknowledged], [[], [], []]);
});

test('a sink that must begin again is closed, held and opened at the watermark with its mark', async () => {
  const { takeBatch, starts, events, until, one } = assigned();
  await takeBatch(batch(0, 6));
  starts[0]?.durable(4n, 3n);
  starts[0]?.reopen(new Error('another writer'));
  assert.deepEqual(events, ['closed', 'seek 4', 'pause', 'another writer']);
  assert.equal(starts[0]?.signal.aborted, true);
  starts[0]?.durable(6n);
  starts[0]?.reopen(new Error('late'));
  assert.equal(one.position(), 4n);
  await until(() => events.includes('resume'));
  await takeBatch(batch(4, 2));
  assert.deepEqual([starts[1]?.offset, starts[1]?.mark, starts[1]?.topicId], [4n, 3n, 'id']);
});

test('a sink that cannot begin holds the partition, and is asked again by the next batch', async () => {
  let fails = true;
  const { starts, ...rest } = assigned();
  const opening: Sink = {
    name: 'store',
    holdMs: 0,
    open(start) {
      if (fails) throw new Error('no bucket');
      starts.push(start);
      return { from: start.offset, take: () => start.durable(2n), flush() {}, close() {} };
    },
    failureClassOf: () => 'bug',
    relieve() {},
    close() {},
  };
  const attempts = createSinkAttempts({ sink: 'store', failureClassOf: () => 'bug', logger });
  const failing = assigned({ sinks: [{ sink: opening, attempts }] });
  await failing.takeBatch(batch(0, 2));
  assert.deepEqual(failing.events, ['pause', 'no bucket']);
  fails = false;
  await failing.until(() => failing.events.includes('resume'));
  await failing.takeBatch(batch(0, 2));
  assert.deepEqual(failing.acknowledged, ['2 store=2']);
  assert.equal(rest.taken.length, 0);
});

test('a sink that waits for its store at the begin lets the batch end once the partition is held, and is not opened twice', async () => {
  let isDown = true;
  let opened = 0;
  const opening: Sink = {
    name: 'store',
    holdMs: 0,
    async open(start) {
      opened += 1;
      await start.attempt('list', async () => {
        if (isDown) throw new Error('refused');
      });
      return { from: start.offset, take: () => start.durable(2n), flush() {}, close() {} };
    },
    failureClassOf: () => 'transient',
    relieve() {},
    close() {},
  };
  const attempts = createSinkAttempts({ sink: 'store', failureClassOf: () => 'transient', logger });
  const { takeBatch, events, resolved, until } = assigned({ sinks: [{ sink: opening, attempts }] });
  await takeBatch(batch(0, 2));
  assert.deepEqual(events, ['pause', 'sink store (transient): list: refused']);
  isDown = false;
  await until(() => events.includes('resume'));
  await takeBatch(batch(0, 2));
  assert.deepEqual(resolved, [1n]);
  assert.equal(opened, 1);
});

test('a sink that is down holds the partitions that have something to store, until it answers', async () => {
  const { takeBatch, starts, events, one } = assigned();
  const sink = {};
  one.sinkDown(sink, new Error('sink store is down'));
  assert.deepEqual(events, [], 'an idle partition must be able to ask the sink');
  await takeBatch(batch(0, 2));
  one.sinkDown(sink, new Error('sink store is down'));
  assert.deepEqual(events, ['pause', 'sink store is down']);
  one.sinkDown(sink, undefined);
  assert.deepEqual(events.slice(2), ['resume', 'not paused']);
  starts[0]?.durable(2n);
  one.sinkDown(sink, new Error('sink store is down'));
  assert.equal(events.length, 4);
});

test('the brake ends a run before the first record that may not become a dead letter, until it is lifted', async () => {
  const { takeBatch, resolved, taken, events, one } = assigned({
    consecutive: 2,
    async decodeRun(_topic, all, from) {
      const isGood = ({ offset }: KafkaMessage) => offset === '0';
      const rest = all.slice(from);
      return {
        deliveries: rest.filter(isGood).map((record) => ({ record, value: 0, schema: undefined })),
        refusals: rest
          .filter((record) => !isGood(record))
          .map((record) => ({ record, reason: 'undecodable', error: new Error('bytes') })),
        next: all.length,
      };
    },
  });
  await takeBatch(batch(0, 5));
  assert.deepEqual(resolved, [2n]);
  assert.deepEqual(
    taken.map(({ next, deliveries }) => [next, deliveries.length]),
    [[3n, 1]],
  );
  assert.deepEqual(
    events.filter((event) => event.startsWith('dead letter')),
    ['dead letter 1', 'dead letter 2'],
  );
  assert.ok(events.some((event) => /brake is on: 2 records in a row .*\. Lift it$/.test(event)));
  assert.equal(one.isBraked(), true);
  one.liftBrake();
  assert.equal(one.isBraked(), false);
  await takeBatch(batch(3, 2));
  assert.deepEqual(resolved, [2n, 4n]);
});

test('at the limit of memory, nothing more is taken until some is released', async () => {
  const budget = createByteBudget({ limitBytes: 10, onFull: () => undefined });
  const { takeBatch, taken } = assigned({ budget });
  budget.hold('store', 10);
  const taking = takeBatch(batch(0, 2));
  await new Promise(setImmediate);
  assert.equal(taken.length, 0);
  budget.release('store', 1);
  await taking;
  assert.equal(taken.length, 1);
  budget.hold('store', 10);
  const revoked = new AbortController();
  const waiting = takeBatch(batch(2, 2), revoked.signal);
  await new Promise(setImmediate);
  revoked.abort();
  await waiting;
  assert.equal(taken.length, 1);
});

test('a partition that is over reports nothing, and closes its sinks', async () => {
  const { takeBatch, starts, acknowledged, events, one } = assigned();
  await takeBatch(batch(0, 2));
  one.end();
  starts[0]?.durable(2n);
  starts[0]?.reopen(new Error('late'));
  assert.deepEqual(acknowledged, []);
  assert.deepEqual(events, ['closed']);
});

test('records that were deleted before they were read are skipped, and the sinks learn of it', async () => {
  const { takeBatch, taken, one, acknowledged } = assigned();
  one.skip(3n);
  assert.deepEqual(acknowledged, ['3 ']);
  await takeBatch(batch(3, 2));
  one.skip(9n);
  assert.deepEqual(
    taken.map(({ next }) => next),
    [5n, 9n],
  );
});

/** A partition whose sink has not answered the first take, which its caller does not wait for any more. */
async function withSlowTake() {
  const parts = assigned();
  const slow = Promise.withResolvers<void>();
  parts.answer(() => slow.promise);
  const stopped = new AbortController();
  const first = parts.takeBatch(batch(0, 2), stopped.signal);
  while (parts.taken.length === 0) await new Promise(setImmediate);
  stopped.abort();
  await first;
  return { ...parts, slow };
}

test('records are skipped after the take in progress, and a batch waits for both', async () => {
  const { takeBatch, taken, one, answer, resolved, events, slow } = await withSlowTake();
  one.skip(9n);
  one.skip(9n);
  answer(() => undefined);
  const next = takeBatch(batch(9, 2));
  await new Promise(setImmediate);
  assert.deepEqual(
    taken.map(({ next }) => next),
    [2n],
  );
  slow.resolve();
  await next;
  assert.deepEqual(
    taken.map(({ next }) => next),
    [2n, 9n, 11n],
  );
  assert.deepEqual(resolved, [1n, 10n]);
  assert.deepEqual(events, [], 'the batch is not fetched again');
});

test('records that are skipped while they are decoded, or while a sink takes those before them, are not taken', async () => {
  for (const until of [1n, 9n]) {
    const gate = Promise.withResolvers<void>();
    const { one, takeBatch, taken, resolved } = assigned({
      async decodeRun(...args) {
        await gate.promise;
        return decoded(...args);
      },
    });
    const waiting = takeBatch(batch(0, 2));
    await new Promise(setImmediate);
    one.skip(until);
    gate.resolve();
    await waiting;
    assert.deepEqual(
      taken.map(({ next, deliveries }) => [next, deliveries.length]),
      [[until, 0]],
    );
    assert.deepEqual(resolved, []);
  }

  const { one, takeBatch, taken, answer } = assigned();
  const slow = Promise.withResolvers<void>();
  answer(() => slow.promise);
  const waiting = takeBatch(batch(0, 4));
  while (taken.length === 0) await new Promise(setImmediate);
  one.skip(9n);
  answer(() => undefined);
  slow.resolve();
  await waiting;
  assert.deepEqual(
    taken.map(({ next, deliveries }) => [next, deliveries.length]),
    [
      [2n, 2],
      [9n, 0],
    ],
  );
});

test('records that were to be skipped by a partition that is over are not', async () => {
  const { taken, one, events, slow } = await withSlowTake();
  one.skip(9n);
  one.end();
  slow.resolve();
  await new Promise(setImmediate);
  assert.equal(taken.length, 1);
  assert.deepEqual(events, ['closed']);
});
