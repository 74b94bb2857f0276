import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@order-stream/runtime';
import type { KafkaMessage } from 'kafkajs';
import { createDeadLetterBrake } from './dead-letter-brake.ts';
import { openPartitionDelivery, untilHeld } from './partition-delivery.ts';
import type { Refusal, RefusalReason } from './refusal.ts';
import { createSinkAttempts } from './sink-attempts.ts';
import { type PartitionStart, type Sink, SinkClosedError } from './sinks/sink.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const settled = () => new Promise(setImmediate);
const schema = { dataFormat: 'JSON', definition: '{}' } as const;
const record = (offset: number) => ({ offset: String(offset) }) as KafkaMessage;
const refusal = (offset: number): Refusal => ({
  record: record(offset),
  reason: 'undecodable',
  error: new Error('no'),
});

/** A sink whose takes are recorded. It begins at `from`, and reports what the test tells it to. */
function recorder(name: string, from?: bigint) {
  const takes: { offsets: string[]; next: bigint }[] = [];
  const events: string[] = [];
  let begun: PartitionStart | undefined;
  let outcome: () => Promise<void> | void = () => undefined;
  const sink: Sink = {
    name,
    holdMs: 0,
    open(start) {
      begun = start;
      return {
        from: from ?? start.mark ?? start.offset,
        take({ deliveries, next }) {
          takes.push({ offsets: deliveries.map(({ record }) => record.offset), next });
          return outcome();
        },
        flush: (trigger) => events.push(`flush ${trigger}`),
        close: () => events.push('close'),
      };
    },
    failureClassOf: () => 'transient',
    relieve() {},
    close() {},
  };
  return {
    sink,
    takes,
    events,
    start: () => begun as PartitionStart,
    onTake(next: typeof outcome) {
      outcome = next;
    },
  };
}

async function opened(
  sinks: ReturnType<typeof recorder>[],
  options: { offset?: bigint; marks?: [string, bigint][]; send?: () => Promise<void> } = {},
) {
  const over = new AbortController();
  const letters: string[] = [];
  const events: string[] = [];
  const traced: (RefusalReason | undefined)[] = [];
  const attempts = createSinkAttempts({ sink: 'any', failureClassOf: () => 'transient', logger });
  const delivery = await openPartitionDelivery({
    origin: {
      topic: 'orders',
      partition: 3,
      topicId: 'id',
      offset: options.offset ?? 0n,
      marks: new Map(options.marks ?? []),
    },
    sinks: sinks.map(({ sink }) => ({ sink, attempts })),
    brake: createDeadLetterBrake({ percent: 0, consecutive: 0 }),
    async sendDeadLetter({ record, sink }) {
      await options.send?.();
      letters.push(`${record.offset} ${sink ?? 'decoder'}`);
    },
    events: {
      progressed: (runs) => events.push(`progressed ${runs.map(({ next }) => next).join(',')}`),
      hold: (_cause, fault) => events.push(`hold ${fault?.message}`),
      broken: (error) => events.push(`broken ${error.name}`),
      sinkClosed: (error) => events.push(`closed ${error.message}`),
    },
    over,
  });
  return {
    ...delivery,
    over,
    letters,
    events,
    traced,
    taken(offsets: number[], next: bigint, refused: number[] = []) {
      return delivery.take({
        deliveries: offsets.map((offset) => ({ record: record(offset), value: 0, schema })),
        refusals: refused.map(refusal),
        next,
        records: offsets.length + refused.length,
        lastTimestampMs: undefined,
        startedAt: 0,
        endTrace: (reasonOf) => traced.push(...refused.map((one) => reasonOf(String(one)))),
      });
    },
  };
}

test('each sink is told where it begins, and gets only the records from there on', async () => {
  const [a, b] = [recorder('a'), recorder('b', 12n)];
  const { taken } = await opened([a, b], { offset: 10n, marks: [['a', 9n]] });
  const { topic, partition, topicId, offset, mark } = a.start();
  assert.deepEqual([topic, partition, topicId, offset, mark], ['orders', 3, 'id', 10n, 9n]);
  assert.equal(b.start().mark, undefined);
  await taken([10], 11n);
  await taken([11], 12n);
  await taken([12, 13], 14n);
  assert.deepEqual(
    a.takes.map(({ offsets }) => offsets),
    [['10'], ['11'], ['12', '13']],
  );
  assert.deepEqual(b.takes, [{ offsets: ['12', '13'], next: 14n }]);
  const c = recorder('c', 21n);
  const { taken: takenLater } = await opened([c], { offset: 20n });
  await takenLater([20, 21], 22n);
  assert.deepEqual(c.takes, [{ offsets: ['21'], next: 22n }]);
});

test('the watermark waits for every sink and every dead letter, and the marks say where each is', async () => {
  const answer = Promise.withResolvers<void>();
  const [a, b] = [recorder('a'), recorder('b')];
  const one = await opened([a, b], { send: () => answer.promise });
  await one.taken([0], 1n);
  let isTaken = false;
  const taking = one.taken([2], 3n, [1]).then(() => {
    isTaken = true;
  });
  a.start().durable(3n);
  b.start().durable(3n, 2n);
  await settled();
  assert.equal(one.watermark(), 1n, 'the dead letter of 1 is not acknowledged');
  assert.equal(isTaken, false, 'nothing more is taken meanwhile');
  assert.equal(one.isSettled(), false);
  assert.deepEqual(
    one.marks(),
    new Map([
      ['a', 3n],
      ['b', 2n],
    ]),
  );
  answer.resolve();
  await taking;
  assert.deepEqual([one.watermark(), one.position(), one.isSettled()], [3n, 3n, true]);
  assert.deepEqual(one.letters, ['1 decoder']);
  assert.deepEqual(one.traced, ['undecodable']);
  assert.equal(one.marks().get('dlq'), 3n);
  assert.deepEqual(one.events.slice(-2), ['hold undefined', 'progressed 3']);
  const takingNext = one.taken([3], 4n);
  a.start().durable(4n);
  b.start().durable(4n);
  assert.equal(one.watermark(), 4n, 'at once: no dead letter is on its way');
  await takingNext;
  assert.equal(one.marks().get('dlq'), 3n, 'a mark moves only by a dead letter');
});

test('the trace of a run knows its refused records, also when the watermark has passed some of them', async () => {
  const a = recorder('a');
  const one = await opened([a]);
  await one.taken([1, 2], 3n, [0]);
  a.start().durable(2n);
  assert.equal(one.watermark(), 2n);
  a.start().durable(3n);
  assert.deepEqual(one.traced, ['undecodable']);
});

test('while a dead letter is on its way, later runs are taken, and their dead letters come behind it', async () => {
  const answer = Promise.withResolvers<void>();
  const a = recorder('a');
  const one = await opened([a], { send: () => answer.promise });
  void one.taken([], 1n, [0]);
  await one.taken([1], 2n);
  a.start().durable(2n);
  assert.equal(one.watermark(), 0n);
  answer.resolve();
  await settled();
  assert.equal(one.watermark(), 2n);
  assert.equal(one.marks().get('dlq'), 1n);
  assert.equal(one.isSettled(), true);
});

test('dead letters below the mark of the commit are on the topic already', async () => {
  const a = recorder('a');
  const { taken, letters, events, watermark } = await opened([a], {
    offset: 5n,
    marks: [['dlq', 8n]],
  });
  await taken([], 6n, [5]);
  await taken([], 8n, [7]);
  assert.deepEqual([letters, events], [[], []]);
  await taken([], 9n, [8]);
  assert.deepEqual(letters, ['8 decoder']);
  a.start().durable(9n);
  assert.equal(watermark(), 9n);
  const b = recorder('b');
  const within = await opened([b], { offset: 5n, marks: [['dlq', 8n]] });
  await within.taken([], 10n, [6, 7, 8, 9]);
  assert.deepEqual(within.letters, ['8 decoder', '9 decoder']);
});

test('a mark below the committed offset changes nothing', async () => {
  const a = recorder('a', 3n);
  const marks: [string, bigint][] = [
    ['a', 3n],
    ['dlq', 4n],
  ];
  const { taken, letters, watermark } = await opened([a], { offset: 5n, marks });
  assert.equal(watermark(), 5n);
  await taken([5], 7n, [6]);
  assert.deepEqual(letters, ['6 decoder']);
  a.start().durable(7n);
  assert.equal(watermark(), 7n);
});

test('what a sink refuses becomes a dead letter with its name, and is remembered until it is settled', async () => {
  const a = recorder('a');
  const one = await opened([a]);
  await one.taken([0], 1n);
  await a.start().rejected(refusal(0));
  await a.start().rejected(refusal(0));
  assert.deepEqual(one.letters, ['0 a']);
  a.start().durable(1n);
  await a.start().rejected(refusal(0));
  assert.deepEqual(one.letters, ['0 a', '0 a'], 'forgotten below the watermark');
});

test('a sink delays the next records, and its error opens the partition again', async () => {
  const a = recorder('a');
  const one = await opened([a]);
  const room = Promise.withResolvers<void>();
  a.onTake(() => room.promise);
  let isTaken = false;
  const taking = one.taken([0], 1n).then(() => {
    isTaken = true;
  });
  await settled();
  assert.equal(isTaken, false);
  room.resolve();
  await taking;
  a.onTake(() => Promise.reject(new TypeError('bug')));
  await one.taken([1], 2n);
  a.onTake(() => {
    throw new SinkClosedError('stdout is closed', undefined);
  });
  await one.taken([2], 3n);
  a.start().durable(3n);
  a.start().durable(2n);
  a.start().reopen(new RangeError('another writer'));
  assert.deepEqual(one.events, [
    // The lane of the dead letters needs nothing from these runs.
    'progressed ',
    'progressed ',
    'broken TypeError',
    'progressed ',
    'closed stdout is closed',
    'progressed 1,2,3',
    'broken RangeError',
    'broken RangeError',
  ]);
});

test('a report that changes nothing is no progress', async () => {
  const a = recorder('a');
  const one = await opened([a]);
  await one.taken([0], 1n);
  assert.equal(one.events.length, 1);
  a.start().durable(1n);
  a.start().durable(1n);
  assert.deepEqual(one.events.slice(1), ['progressed 1']);
});

test('after the partition is over nothing is reported, and its sinks are closed', async () => {
  const [a, b] = [recorder('a'), recorder('b')];
  const failures = [new Error('no broker')];
  const send = async () => {
    for (const failure of failures.splice(0)) throw failure;
    await new Promise<never>(() => undefined);
  };
  const one = await opened([a, b], { send });
  one.flush('stop');
  void one.taken([], 1n, [0]);
  await settled();
  const before = [...one.events];
  assert.deepEqual(before, ['hold no broker']);
  one.close();
  assert.equal(one.over.signal.aborted, true);
  a.start().durable(1n);
  a.start().reopen(new Error('late'));
  await assert.rejects(a.start().attempt('put', async () => undefined));
  one.liftBrake();
  assert.deepEqual(one.events, before);
  for (const { events } of [a, b]) assert.deepEqual(events, ['flush stop', 'close']);
});

test('a request that keeps failing holds the partition until it passes', async () => {
  const a = recorder('a');
  const one = await opened([a]);
  let failures = 0;
  await a.start().attempt('PutItem', async () => {
    failures += 1;
    if (failures <= 2) throw new Error('no route');
  });
  assert.deepEqual(one.events, ['hold sink any (transient): PutItem: no route', 'hold undefined']);
});

test('a sink that cannot begin closes those that have begun', async () => {
  const [a, b] = [recorder('a'), recorder('b')];
  b.sink.open = () => Promise.reject(new Error('no bucket'));
  await assert.rejects(opened([a, b]), /no bucket/);
  assert.deepEqual(a.events, ['close']);
  assert.equal(a.start().signal.aborted, true);
});

test('the brake ends a run before the first record that it holds back', () => {
  const records = [0, 1, 2, 3].map(record);
  const refused = [1, 2].map((at) => ({ ...refusal(at), record: records[at] as KafkaMessage }));
  const asked: string[] = [];
  const brake = (held: string | undefined) => ({
    passed: (offset: string) => asked.push(`passed ${offset}`),
    mayRefuse(offset: string) {
      asked.push(`refuse ${offset}`);
      return offset !== held;
    },
  });
  assert.equal(untilHeld(records, refused, brake('2')), 2);
  assert.deepEqual(asked, ['passed 0', 'refuse 1', 'refuse 2']);
  assert.equal(untilHeld(records, refused, brake(undefined)), 4);
  assert.deepEqual(asked.slice(3), ['passed 0', 'refuse 1', 'refuse 2', 'passed 3']);
});
