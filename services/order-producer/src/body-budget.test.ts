import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBodyBudget, type PartialBody } from './body-budget.ts';

const body = (reject = () => {}): PartialBody => ({ bytes: 0, reject });

test('a small body is accepted while large ones fill the budget, and the oldest of the largest is rejected', () => {
  const budget = createBodyBudget(100);
  const rejected: string[] = [];
  const named = (name: string) => body(() => rejected.push(name));
  budget.resize(named('first of 40'), 40);
  budget.resize(named('second of 40'), 40);
  budget.resize(named('small'), 20);
  assert.deepEqual(rejected, []);
  budget.resize(named('another small one'), 5);
  assert.deepEqual(rejected, ['first of 40']);
  assert.equal(budget.bytes(), 65);
});

test('a body that is the largest itself is rejected when it grows too much', () => {
  const budget = createBodyBudget(100);
  budget.resize(body(), 30);
  let isRejected = false;
  budget.resize(
    body(() => {
      isRejected = true;
    }),
    80,
  );
  assert.ok(isRejected);
  assert.equal(budget.bytes(), 30);
});

test('whatever arrives, ends and breaks: the limit holds, each body is rejected or released once, and none smaller than the largest is rejected', () => {
  const step = fc.record({
    which: fc.nat(9),
    action: fc.constantFrom('grow', 'grow', 'grow', 'release'),
    bytes: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const budget = createBodyBudget(100);
      const open = new Map<number, { own: PartialBody; bytes: number }>();
      for (const { which, action, bytes } of steps) {
        if (action === 'release') {
          const known = open.get(which);
          open.delete(which);
          budget.release(known?.own ?? body());
        } else {
          const known = open.get(which) ?? {
            own: body(() => {
              const rejected = open.get(which);
              assert.ok(rejected, 'a body is rejected once');
              assert.equal(rejected.bytes, Math.max(...[...open.values()].map((one) => one.bytes)));
              open.delete(which);
              // As a reader does when its body has ended.
              budget.release(rejected.own);
            }),
            bytes: 0,
          };
          // No body is larger than the budget: a body has at most 1 MiB, and so has the smallest budget.
          known.bytes = Math.min(known.bytes + bytes, 100);
          open.set(which, known);
          budget.resize(known.own, known.bytes);
        }
        const held = [...open.values()].reduce((sum, one) => sum + one.bytes, 0);
        assert.equal(budget.bytes(), held);
        assert.ok(held <= 100);
      }
    }),
  );
});
