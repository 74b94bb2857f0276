import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KafkaMessage } from 'kafkajs';
import { createDeadLetterBrake } from './dead-letter-brake.ts';
import { createDeadLetterLane, type DeadLetterBrakeError } from './dead-letter-lane.ts';
import type { Refusal } from './refusal.ts';

const refusal = (offset: number, reason: Refusal['reason'] = 'rejected'): Refusal => ({
  record: { offset: String(offset) } as KafkaMessage,
  reason,
  error: new Error('no'),
});

function lane(options: { consecutive?: number; send?: (refusal: Refusal) => Promise<void> } = {}) {
  const over = new AbortController();
  const sent: string[] = [];
  const held = new Map<object, Error>();
  const messages: string[] = [];
  const delays: number[] = [];
  const brake = createDeadLetterBrake({ percent: 0, consecutive: options.consecutive ?? 0 });
  const deadLetters = createDeadLetterLane({
    signal: over.signal,
    brake,
    send: async (one) => {
      await options.send?.(one);
      sent.push(one.record.offset);
    },
    hold(cause, fault) {
      if (fault === undefined) held.delete(cause);
      else {
        held.set(cause, fault);
        messages.push(fault.message);
      }
    },
    delayMs(failures) {
      delays.push(failures);
      return 0;
    },
  });
  return { deadLetters, brake, sent, held, messages, delays, over };
}

test('a record that two sinks refuse is written once, and both wait for it', async () => {
  const acknowledged = Promise.withResolvers<void>();
  const { deadLetters, sent } = lane({ send: () => acknowledged.promise });
  let done = 0;
  const both = [refusal(7), refusal(7)].map((one) =>
    deadLetters.rejected(one).then(() => {
      done += 1;
    }),
  );
  await new Promise(setImmediate);
  assert.equal(done, 0);
  acknowledged.resolve();
  await Promise.all(both);
  assert.deepEqual(sent, ['7']);
  assert.equal(deadLetters.reasonOf('7'), 'rejected');
  assert.equal(deadLetters.reasonOf('8'), undefined);
});

test('a failed write holds the partition and is tried again, without repeating its neighbours', async () => {
  let failures = 0;
  const { deadLetters, sent, held, messages, delays } = lane({
    send: async ({ record }) => {
      if (record.offset !== '2' || failures === 3) return;
      failures += 1;
      throw new Error(`failure ${failures}`);
    },
  });
  await Promise.all([1, 2, 3].map((offset) => deadLetters.write(refusal(offset))));
  assert.deepEqual(sent, ['1', '3', '2']);
  assert.deepEqual(messages, ['failure 1', 'failure 2', 'failure 3']);
  assert.deepEqual(delays, [1, 2, 3]);
  assert.equal(held.size, 0);
});

test('a partition that is over writes nothing more and never reports a dead letter', async () => {
  const failed = Promise.withResolvers<void>();
  let calls = 0;
  const { deadLetters, over, held } = lane({
    send: () => {
      calls += 1;
      return failed.promise;
    },
  });
  let isDone = false;
  void deadLetters.write(refusal(1)).then(() => {
    isDone = true;
  });
  over.abort();
  failed.reject(new Error('late'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([calls, isDone, held.size], [1, false, 0]);
});

test('while the brake is on, a refusal of a sink waits; lifting it lets the refusal go on', async () => {
  const { deadLetters, sent, held } = lane({ consecutive: 2 });
  for (const offset of [0, 1]) await deadLetters.rejected(refusal(offset));
  const third = deadLetters.rejected(refusal(2));
  await new Promise(setImmediate);
  assert.deepEqual(sent, ['0', '1']);
  const sparse = deadLetters.rejected(refusal(900));
  await new Promise(setImmediate);
  assert.deepEqual(sent, ['0', '1'], 'nothing becomes a dead letter while the brake is on');
  const [fault] = held.values();
  assert.match(
    String(fault),
    /^DeadLetterBrakeError: the dead-letter brake is on: 2 records in a row/,
  );
  assert.equal((fault as DeadLetterBrakeError).retryable, false);
  deadLetters.liftBrake();
  await Promise.all([third, sparse]);
  assert.deepEqual(sent, ['0', '1', '2', '900']);
  assert.equal(held.size, 0);
  const again = deadLetters.rejected(refusal(901));
  await new Promise(setImmediate);
  assert.equal(held.size, 1);
  assert.equal(sent.length, 4);
  deadLetters.liftBrake();
  await again;
  assert.equal(sent.at(-1), '901');
});

test('the brake stays on until it is lifted, also when other records pass', () => {
  const { deadLetters, brake, messages } = lane({ consecutive: 2 });
  assert.deepEqual(['0', '1', '2'].map(deadLetters.mayRefuse), [true, true, false]);
  brake.passed('3');
  assert.equal(deadLetters.mayRefuse('4'), false);
  assert.equal(messages.length, 1);
  deadLetters.liftBrake();
  assert.equal(deadLetters.mayRefuse('4'), true);
});

test('records below the watermark are forgotten', async () => {
  const { deadLetters } = lane();
  for (const offset of [1, 2, 3]) await deadLetters.rejected(refusal(offset));
  deadLetters.forget(3n);
  assert.deepEqual(
    ['1', '2', '3'].map((offset) => deadLetters.reasonOf(offset)),
    [undefined, undefined, 'rejected'],
  );
});
