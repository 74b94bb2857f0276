import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { firstToSucceed } from './first-to-succeed.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

const everyMs = 200;

/** Attempts that the test settles. `started` holds the indices in the order of their start. */
function attemptsOf(count: number) {
  const settle = Array.from({ length: count }, () => Promise.withResolvers<string>());
  const started: number[] = [];
  const attempts = settle.map(({ promise }, index) => () => {
    started.push(index);
    return promise;
  });
  const late: string[] = [];
  const options = { everyMs, late: (result: string) => void late.push(result) };
  return { settle, started, late, result: firstToSucceed(attempts, options) };
}

test('an attempt that hangs delays the next one by the pause only', async () => {
  const { settle, started, result } = attemptsOf(3);
  assert.deepEqual(started, [0]);
  mock.timers.tick(everyMs - 1);
  assert.deepEqual(started, [0]);
  mock.timers.tick(1);
  assert.deepEqual(started, [0, 1]);
  mock.timers.tick(everyMs);
  settle[2]?.resolve('third');
  assert.equal(await result, 'third');
});

test('a failed attempt starts the next one at once', async () => {
  const { settle, started, result } = attemptsOf(3);
  settle[0]?.reject(new Error('refused'));
  await setImmediate();
  assert.deepEqual(started, [0, 1]);
  settle[1]?.resolve('second');
  assert.equal(await result, 'second');
});

test('after the first success no attempt starts, and later successes are handed over', async () => {
  const { settle, started, late, result } = attemptsOf(4);
  mock.timers.tick(everyMs);
  mock.timers.tick(everyMs);
  settle[1]?.resolve('second');
  assert.equal(await result, 'second');
  settle[0]?.resolve('first');
  settle[2]?.reject(new Error('refused'));
  await setImmediate();
  mock.timers.tick(10 * everyMs);
  assert.deepEqual(started, [0, 1, 2]);
  assert.deepEqual(late, ['first']);
});

test('the errors of failed attempts are in the order of the attempts', async () => {
  const { settle, result } = attemptsOf(2);
  mock.timers.tick(everyMs);
  settle[1]?.reject(new Error('b'));
  await setImmediate();
  settle[0]?.reject(new Error('a'));
  await assert.rejects(result, ({ errors }: AggregateError) => {
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['a', 'b'],
    );
    return true;
  });
});

test('without attempts there is an error', async () => {
  await assert.rejects(attemptsOf(0).result, AggregateError);
});
