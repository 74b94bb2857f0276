import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createByteBudget } from './byte-budget.ts';

test('asks for relief once when the limit is reached, and again while a release leaves it reached', () => {
  let asked = 0;
  const budget = createByteBudget({ limitBytes: 100, onFull: () => (asked += 1) });
  budget.hold('s3', 99);
  assert.equal(asked, 0);
  budget.hold('s3', 1);
  assert.equal(asked, 1);
  budget.hold('dynamodb', 50);
  budget.release('dynamodb', 0);
  assert.equal(asked, 1);
  budget.release('s3', 20);
  assert.equal(asked, 2);
  budget.release('s3', 31);
  assert.equal(asked, 2);
  assert.equal(budget.isFull(), false);
});

test('whoever waits goes on when less than the limit is held', async () => {
  const budget = createByteBudget({ limitBytes: 100, onFull: () => undefined });
  budget.hold('s3', 120);
  let went = false;
  const waiting = budget.room().then(() => {
    went = true;
  });
  budget.release('s3', 20);
  await new Promise(setImmediate);
  assert.equal(went, false);
  budget.release('s3', 1);
  await waiting;
});

test('counts each sink, and is full exactly while the sum reaches the limit', () => {
  const step = fc.tuple(fc.constantFrom('s3', 'dynamodb'), fc.integer({ min: 0, max: 60 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const budget = createByteBudget({ limitBytes: 100, onFull: () => undefined });
      const held: [string, number][] = [];
      for (const [sink, bytes] of steps) {
        if (held.length % 3 === 2) {
          const [ofSink, released] = held.shift() as [string, number];
          budget.release(ofSink, released);
        }
        budget.hold(sink, bytes);
        held.push([sink, bytes]);
        const sum = (name?: string) =>
          held.reduce((all, [of, n]) => (name === undefined || name === of ? all + n : all), 0);
        assert.equal(budget.isFull(), sum() >= 100);
        assert.equal(budget.heldBytes('s3'), sum('s3'));
        assert.equal(budget.heldBytes('dynamodb'), sum('dynamodb'));
      }
    }),
  );
});
