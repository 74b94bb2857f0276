import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import {
  BrokerUnavailableError,
  type KafkaError,
  SendOutcomeUnknownError,
  SendRefusedError,
} from '../kafka-errors.ts';
import {
  append,
  createFakeBrokers,
  type RequestOutcome,
  requestOutcomes,
  topic,
  writerOn,
} from './testing/fake-brokers.ts';
import { stopClock } from './testing/stopped-clock.ts';

interface Outcome {
  partition: number;
  text: string;
  offset?: bigint;
  error?: KafkaError;
}

const maxBatchBytes = 60;

/** Appends the records, a turn of the event loop apart where `pause` says so, and waits for all answers. */
async function write(
  context: TestContext,
  script: readonly RequestOutcome[],
  records: readonly { partition: number; bytes: number; pause: boolean }[],
) {
  stopClock(context);
  const fake = createFakeBrokers({ script, maxBatchBytes });
  const writer = writerOn(fake);
  await writer.start([topic]);
  const outcomes: Outcome[] = [];
  let answers = 0;
  for (const [index, { partition, bytes, pause }] of records.entries()) {
    const outcome: Outcome = { partition, text: `${index}`.padStart(bytes, 'x') };
    outcomes.push(outcome);
    append(writer, partition, outcome.text, 3_000).then(
      (offset) => {
        answers += 1;
        outcome.offset = offset;
      },
      (error) => {
        answers += 1;
        outcome.error = error;
      },
    );
    if (pause) await turn();
  }
  let closed = false;
  void writer.close().then(() => {
    closed = true;
  });
  for (let ticks = 0; !closed && ticks < 2_000; ticks += 1) {
    await turn();
    context.mock.timers.tick(20);
  }
  context.mock.timers.reset();
  assert.ok(closed, 'close waits for the answers, which all come');
  assert.equal(answers, records.length, 'each record is answered');
  assert.deepEqual(writer.inFlight(), { records: 0, bytes: 0 });
  return { outcomes, fake };
}

const recordsOf = fc.array(
  fc.record({
    partition: fc.nat(2),
    bytes: fc.integer({ min: 3, max: 80 }),
    pause: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

test('P1 P4 whatever happens to the requests: acknowledged records are in the log once and in order, failed ones are not, unknown ones at most once', async (context) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...requestOutcomes), { maxLength: 12 }),
      recordsOf,
      async (script, records) => {
        const { outcomes, fake } = await write(context, script, records);
        assert.deepEqual(fake.violations, []);
        for (const { partition, text, offset, error } of outcomes) {
          const places = fake
            .log(partition)
            .flatMap((one, at) => (one === text ? [BigInt(at)] : []));
          if (offset !== undefined) assert.deepEqual(places, [offset], 'written once');
          else if (error instanceof SendOutcomeUnknownError) assert.ok(places.length <= 1);
          else assert.deepEqual(places, [], `${error?.code}: not written`);
          if (error instanceof SendRefusedError && error.isTooLarge)
            assert.ok(text.length > maxBatchBytes, 'refused for its own size');
          assert.ok(
            offset !== undefined ||
              error instanceof SendRefusedError ||
              error instanceof SendOutcomeUnknownError ||
              error instanceof BrokerUnavailableError,
          );
        }
        for (const partition of [0, 1, 2]) {
          const appended = outcomes.filter((one) => one.partition === partition);
          const order = fake
            .log(partition)
            .map((text) => appended.findIndex((o) => o.text === text));
          assert.deepEqual(
            order,
            order.toSorted((a, b) => a - b),
            'the order of the calls',
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a topic’s size limit refuses only the records that exceed it alone; batches are split in order', async (context) => {
  await fc.assert(
    fc.asyncProperty(recordsOf, async (records) => {
      const { outcomes, fake } = await write(context, [], records);
      for (const { text, error } of outcomes)
        assert.equal(error?.code, text.length > maxBatchBytes ? 'refused' : undefined);
      for (const partition of [0, 1, 2])
        assert.deepEqual(
          fake.log(partition),
          outcomes
            .filter((one) => one.partition === partition && one.text.length <= maxBatchBytes)
            .map(({ text }) => text),
        );
    }),
  );
});
