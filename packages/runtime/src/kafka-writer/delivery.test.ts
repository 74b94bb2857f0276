import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  AuthenticationError,
  BrokerUnavailableError,
  type KafkaError,
  SendOutcomeUnknownError,
  SendRefusedError,
} from '../kafka-errors.ts';
import type { Logger } from '../logger.ts';
import type { Batch } from './batch.ts';
import { createDelivery } from './delivery.ts';
import type { IdempotentProducer, ProducedPartition } from './idempotent-producer.ts';
import { createProducerIds } from './producer-ids.ts';
import { createRefusals } from './refusals.ts';
import {
  append,
  createFakeBrokers,
  protocolError,
  type RequestOutcome,
  topic,
  writerOn,
} from './testing/fake-brokers.ts';
import { stopClock } from './testing/stopped-clock.ts';

/** Lets `ms` pass in small steps, and what waits for it happen. */
async function pass(context: TestContext, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    context.mock.timers.tick(10);
    await turn();
  }
  await turn();
}

/** One record for partition 0, whose requests end as `script` says. */
async function outcomeOf(
  context: TestContext,
  script: readonly RequestOutcome[],
  timeoutMs = 1_000,
) {
  stopClock(context);
  const fake = createFakeBrokers({ script });
  const writer = writerOn(fake);
  await writer.start([topic]);
  const answer = append(writer, 0, 'a', timeoutMs).catch((error: KafkaError) => error);
  await pass(context, timeoutMs + 20);
  const outcome = await answer;
  const producers = fake.requests.map(({ producer }) => producer);
  const next = append(writer, 0, 'b');
  await pass(context, 20);
  await next;
  context.mock.timers.reset();
  return {
    outcome: typeof outcome === 'bigint' ? outcome : outcome.code,
    producers,
    nextProducer: fake.requests.at(-1)?.producer,
    log: fake.log(0),
    disconnected: fake.disconnected(),
  };
}

const cases: [string, RequestOutcome[], Awaited<ReturnType<typeof outcomeOf>>][] = [
  [
    'a batch whose answer is lost is sent again by the same producer, and found',
    ['lost-after-append'],
    { outcome: 0n, producers: [0, 0], nextProducer: 0, log: ['a', 'b'], disconnected: 0 },
  ],
  [
    'a batch that did not leave is sent again',
    ['not-sent', 'not-sent'],
    { outcome: 0n, producers: [0, 0, 0], nextProducer: 0, log: ['a', 'b'], disconnected: 0 },
  ],
  [
    'a batch that never left is not written, and its producer id stays in use',
    Array<RequestOutcome>(5).fill('not-sent'),
    {
      outcome: 'broker-unavailable',
      producers: [0, 0, 0, 0, 0],
      nextProducer: 0,
      log: ['b'],
      disconnected: 0,
    },
  ],
  [
    'a batch in doubt is sent again when less time is left than its next wait',
    ['lost-after-append', ...Array<RequestOutcome>(4).fill('not-sent')],
    { outcome: 0n, producers: Array(6).fill(0), nextProducer: 0, log: ['a', 'b'], disconnected: 0 },
  ],
  [
    'a batch that stays in doubt is unknown, and its producer id is given up before the next batch',
    ['lost-after-append', ...Array<RequestOutcome>(7).fill('not-sent')],
    {
      outcome: 'outcome-unknown',
      producers: Array(8).fill(0),
      nextProducer: 1,
      log: ['a', 'b'],
      disconnected: 1,
    },
  ],
  [
    'an answer that does not come by the deadline is unknown',
    ['silence-before-append'],
    { outcome: 'outcome-unknown', producers: [0], nextProducer: 1, log: ['b'], disconnected: 1 },
  ],
  [
    'a refusal is not tried again',
    ['not-authorized'],
    { outcome: 'refused', producers: [0], nextProducer: 0, log: ['b'], disconnected: 0 },
  ],
  [
    'a refusal after a lost answer is unknown',
    ['lost-after-append', 'not-authorized'],
    {
      outcome: 'outcome-unknown',
      producers: [0, 0],
      nextProducer: 1,
      log: ['a', 'b'],
      disconnected: 1,
    },
  ],
  [
    'a producer id that the broker no longer knows is replaced, and the batch sent by the new one',
    ['unknown-producer-id'],
    { outcome: 0n, producers: [0, 1], nextProducer: 1, log: ['a', 'b'], disconnected: 1 },
  ],
  [
    'a batch in doubt is not sent by a new producer',
    ['lost-after-append', 'unknown-producer-id'],
    {
      outcome: 'outcome-unknown',
      producers: [0, 0],
      nextProducer: 1,
      log: ['a', 'b'],
      disconnected: 1,
    },
  ],
  [
    'too few replicas before the append are no doubt',
    Array<RequestOutcome>(5).fill('not-enough-replicas'),
    {
      outcome: 'broker-unavailable',
      producers: [0, 0, 0, 0, 0],
      nextProducer: 0,
      log: ['b'],
      disconnected: 0,
    },
  ],
];

for (const [title, script, expected] of cases)
  test(title, async (context) => {
    assert.deepEqual(await outcomeOf(context, script), expected);
  });

test('a batch whose leader moved goes to the new leader at once', async (context) => {
  stopClock(context);
  const fake = createFakeBrokers({ script: ['leader-moved'] });
  const writer = writerOn(fake);
  await writer.start([topic]);
  assert.deepEqual(
    await Promise.all([append(writer, 0, 'a'), append(writer, 2, 'b'), append(writer, 1, 'c')]),
    [0n, 0n, 0n],
  );
  assert.deepEqual(
    fake.requests.map(({ leader, batches }) => [leader, batches]),
    [
      [1, ['0:a', '2:b']],
      [2, ['1:c']],
      [2, ['0:a', '2:b']],
      [1, ['1:c']],
    ],
  );
});

test('a partition that the client does not know waits until it does, and holds up no other', async (context) => {
  stopClock(context);
  const fake = createFakeBrokers({ script: ['partition-unknown'] });
  const writer = writerOn(fake);
  await writer.start([topic]);
  const [known, unknown] = [append(writer, 0, 'a'), append(writer, 2, 'b')];
  await turn();
  assert.equal(await known, 0n);
  await pass(context, 60);
  assert.equal(await unknown, 0n);
  assert.deepEqual(
    fake.requests.map(({ leader, batches }) => [leader, batches]),
    [
      [1, ['0:a', '2:b']],
      [1, ['0:a']],
      [-1, ['2:b']],
      [1, ['2:b']],
    ],
  );
});

test('a partition that stays unknown until the deadline was not written, whatever leaves meanwhile', async (context) => {
  stopClock(context);
  const fake = createFakeBrokers({ script: Array<RequestOutcome>(99).fill('partition-unknown') });
  const writer = writerOn(fake);
  await writer.start([topic]);
  const unknown = append(writer, 2, 'b', 500).catch((error: KafkaError) => error);
  for (let ms = 0; ms < 520; ms += 20) {
    void append(writer, 0, 'a');
    await pass(context, 20);
  }
  const error = await unknown;
  assert.ok(error instanceof BrokerUnavailableError);
  assert.equal(error.message, 'no leader is known for partition 2 of topic orders');
  assert.equal(fake.producers(), 1, 'its producer id stays in use');
});

for (const [timeoutMs, expected] of [
  // The last one has half a second for its answer.
  [4_000, [0, 50, 150, 350, 750, 1_550, 2_550, 3_500]],
  [4_060, [0, 50, 150, 350, 750, 1_550, 2_550, 3_550]],
  [3_000, [0, 50, 150, 350, 750, 1_550, 2_500]],
  [2_000, [0, 50, 150, 350, 750, 1_500]],
  [150, [0, 50]],
] as const)
  test(`retries wait 50 ms, then twice as long each time, up to a second: within ${timeoutMs} ms at ${expected}`, async (context) => {
    stopClock(context);
    const fake = createFakeBrokers({ script: Array<RequestOutcome>(20).fill('not-sent') });
    const writer = writerOn(fake);
    await writer.start([topic]);
    const times: number[] = [];
    const answer = append(writer, 0, 'a', timeoutMs).catch((error: KafkaError) => error.code);
    for (let ms = 0; ms <= timeoutMs; ms += 10) {
      await turn();
      while (times.length < fake.requests.length) times.push(ms);
      context.mock.timers.tick(10);
    }
    assert.equal(await answer, 'broker-unavailable');
    assert.deepEqual(times, expected);
  });

test('one partition’s failure sends each batch on its own, and those written already are found', async (context) => {
  stopClock(context);
  const fake = createFakeBrokers({ script: ['one-not-enough-replicas'] });
  const writer = writerOn(fake);
  await writer.start([topic]);
  assert.deepEqual(await Promise.all([append(writer, 0, 'a'), append(writer, 2, 'b')]), [0n, 0n]);
  assert.deepEqual(
    fake.requests.map(({ batches }) => batches),
    [['0:a', '2:b'], ['0:a'], ['2:b']],
  );
  assert.deepEqual(fake.log(2), ['b']);
});

test('a batch that was written beside another partition’s failure is unknown where it cannot be sent again', async (context) => {
  stopClock(context);
  const script: RequestOutcome[] = [
    'one-not-enough-replicas',
    ...Array<RequestOutcome>(10).fill('not-sent'),
  ];
  const fake = createFakeBrokers({ script });
  const writer = writerOn(fake);
  await writer.start([topic]);
  const answers = [append(writer, 0, 'a', 500), append(writer, 2, 'b', 500)];
  const settled = Promise.all(answers.map((one) => one.catch((error: KafkaError) => error.code)));
  await pass(context, 520);
  assert.deepEqual(await settled, ['broker-unavailable', 'outcome-unknown']);
  assert.equal(fake.producers(), 2, 'one new producer id');
});

/** A delivery of one batch by a producer that behaves as told, without a topic queue. */
async function deliverTo(
  context: TestContext,
  producer: Partial<IdempotentProducer>,
  options: { partitions?: number[]; deadline?: number; producesSent?: () => number } = {},
) {
  const { partitions = [0], deadline = 1_000, producesSent = () => 0 } = options;
  stopClock(context);
  const warnings: unknown[] = [];
  const logger = {
    warn: (fields: unknown) => warnings.push(fields),
    debug() {},
  } as never as Logger;
  const create = () => ({
    connect: async () => {},
    produce: async () => [],
    disconnect: async () => {},
    refreshMetadata: async () => {},
    ...producer,
  });
  const producers = createProducerIds(create, logger);
  const first = producers.current();
  const deliver = createDelivery({
    producers,
    leaderOf: () => 1,
    producesSent,
    refusals: createRefusals(),
    logger,
  });
  const outcomes: (bigint | KafkaError)[] = [];
  const answer = (outcome: bigint | KafkaError) => void outcomes.push(outcome);
  const batches = partitions.map((partition): Batch => {
    return { partition, records: [], isInDoubt: false, written: answer, failed: answer };
  });
  let attempts = 0;
  const attempted = () => {
    attempts += 1;
  };
  deliver({ topic, leader: 1, batches, deadline, attempted });
  await pass(context, deadline + 20);
  context.mock.timers.reset();
  return { outcomes, attempts, warnings, isRetired: first.retired };
}

test('a connection that is not made by the deadline: nothing was written', async (context) => {
  const connect = () => new Promise<void>(() => {});
  const { outcomes, isRetired } = await deliverTo(context, { connect });
  assert.ok(outcomes[0] instanceof BrokerUnavailableError);
  assert.match(outcomes[0].message, /not connected/);
  assert.equal(isRetired, false);
});

test('a request that still waits for its turn at the deadline was not written, and never leaves', async (context) => {
  const held: (() => void)[] = [];
  const produce: IdempotentProducer['produce'] = (_topic, _leader, _batches, leaving) => {
    held.push(leaving);
    return new Promise(() => {});
  };
  const { outcomes, isRetired } = await deliverTo(context, { produce });
  assert.ok(outcomes[0] instanceof BrokerUnavailableError);
  assert.equal(isRetired, false);
  assert.throws(() => held[0]?.(), /no answer before the deadline/);
});

test('a request that fails before it leaves was not written, although others left while it waited for its turn', async (context) => {
  let produces = 0;
  const produce: IdempotentProducer['produce'] = async (_topic, _leader, _batches, leaving) => {
    produces += 1;
    leaving();
    throw new Error('Not connected');
  };
  const { outcomes, isRetired } = await deliverTo(
    context,
    { produce },
    { deadline: 100, producesSent: () => produces },
  );
  assert.ok(outcomes[0] instanceof BrokerUnavailableError);
  assert.equal(isRetired, false);
});

test('rejected credentials are the cause of the error, and named', async (context) => {
  const error = protocolError('SASL_AUTHENTICATION_FAILED');
  const connect = () => Promise.reject(error);
  const { outcomes, warnings } = await deliverTo(context, { connect }, { deadline: 100 });
  assert.ok(outcomes[0] instanceof BrokerUnavailableError);
  assert.ok(outcomes[0].cause instanceof AuthenticationError);
  assert.match(outcomes[0].message, /rejected the credentials/);
  assert.deepEqual(warnings, [{ topic, reason: 'SASL_AUTHENTICATION_FAILED' }]);
});

test('an answer that leaves out a partition: its outcome is unknown, and the producer id given up', async (context) => {
  const produce = async (): Promise<ProducedPartition[]> => [{ partition: 0, baseOffset: '7' }];
  const { outcomes, attempts, isRetired, warnings } = await deliverTo(
    context,
    { produce },
    { partitions: [0, 2] },
  );
  assert.equal(outcomes[0], 7n);
  assert.ok(outcomes[1] instanceof SendOutcomeUnknownError);
  assert.equal(attempts, 1);
  assert.equal(isRetired, true);
  assert.deepEqual(warnings, [{ reason: 'outcome unknown' }]);
});

test('a refusal that comes before the request left is the refusal of every batch in it', async (context) => {
  const produce = () => Promise.reject(protocolError('TOPIC_AUTHORIZATION_FAILED'));
  const { outcomes, attempts } = await deliverTo(context, { produce }, { partitions: [0, 2] });
  assert.equal(attempts, 1);
  for (const one of outcomes) {
    assert.ok(one instanceof SendRefusedError);
    assert.equal(one.reason, 'TOPIC_AUTHORIZATION_FAILED');
  }
  assert.equal(outcomes.length, 2);
});

test('batches whose answer was lost stay in doubt when another failure comes between it and their refusal', async (context) => {
  const failures = [new Error('closed'), protocolError('NOT_ENOUGH_REPLICAS')];
  let produces = 0;
  const produce: IdempotentProducer['produce'] = (_topic, _leader, _batches, leaving) => {
    leaving();
    produces += 1;
    return Promise.reject(failures[produces - 1] ?? protocolError('MESSAGE_TOO_LARGE'));
  };
  const { outcomes } = await deliverTo(
    context,
    { produce },
    { partitions: [0, 2], producesSent: () => produces },
  );
  assert.equal(produces, 4, 'together twice, then each by itself');
  assert.equal(outcomes.length, 2);
  for (const one of outcomes) assert.ok(one instanceof SendOutcomeUnknownError);
});

test('a producer id that is given up is logged with the broker’s reason', async (context) => {
  let produces = 0;
  const produce: IdempotentProducer['produce'] = async (_topic, _leader, _batches, leaving) => {
    leaving();
    produces += 1;
    if (produces === 1) throw protocolError('INVALID_PRODUCER_EPOCH');
    return [{ partition: 0, baseOffset: '3' }];
  };
  const { outcomes, warnings } = await deliverTo(
    context,
    { produce },
    { producesSent: () => produces },
  );
  assert.deepEqual(outcomes, [3n]);
  assert.deepEqual(warnings[0], { reason: 'INVALID_PRODUCER_EPOCH' });
});
