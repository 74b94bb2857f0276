import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import type { Refusal } from '../../refusal.ts';
import { createTakenOffsets, type TakenOffset } from './taken-offsets.ts';

test('S1-05 the watermark is the first record that is not settled, else the end of what was taken', () => {
  const offsets = createTakenOffsets(5n);
  assert.equal(offsets.watermark(), 5n);
  const [first, second] = [offsets.take(6n, 10), offsets.take(9n, 20)];
  offsets.advance(12n);
  assert.equal(offsets.watermark(), 6n);
  offsets.settle(second);
  offsets.settle(second);
  assert.deepEqual([offsets.watermark(), offsets.length(), offsets.bytes()], [6n, 2, 10]);
  offsets.settle(first);
  assert.deepEqual([offsets.watermark(), offsets.length(), offsets.bytes()], [12n, 0, 0]);
  offsets.advance(15n);
  assert.equal(offsets.watermark(), 15n);
});

const step = fc.oneof(
  fc.record({ type: fc.constant('take' as const), gap: fc.nat(3), bytes: fc.nat(9) }),
  fc.record({ type: fc.constant('settle' as const), pick: fc.nat() }),
  fc.record({ type: fc.constant('advance' as const), gap: fc.nat(3) }),
);

test('S1-05 the watermark never passes a record that is not settled, and never falls', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const offsets = createTakenOffsets(0n);
      const open = new Map<bigint, TakenOffset>();
      let next = 0n;
      let before = 0n;
      for (const one of steps) {
        if (one.type === 'settle') {
          const chosen = [...open.keys()][one.pick % Math.max(1, open.size)];
          if (chosen === undefined) continue;
          offsets.settle(open.get(chosen) as TakenOffset);
          open.delete(chosen);
        } else {
          next += BigInt(one.gap);
          if (one.type === 'take') {
            open.set(next, offsets.take(next, one.bytes));
            next += 1n;
          }
          offsets.advance(next);
        }
        const expected = [...open.keys()].reduce(
          (low, offset) => (offset < low ? offset : low),
          next,
        );
        assert.equal(offsets.watermark(), expected);
        assert.ok(expected >= before);
        before = expected;
        const bytes = [...open.values()].reduce((sum, taken) => sum + taken.bytes, 0);
        assert.equal(offsets.bytes(), bytes);
        assert.ok(offsets.length() >= open.size);
      }
    }),
  );
});

test('refusals are due in the order of their offsets, when each record before them is stored or refused', () => {
  const offsets = createTakenOffsets(0n);
  const [zero, one, two, three] = [0, 1, 2, 3].map((offset) => offsets.take(BigInt(offset), 1));
  const refusal = (offset: number): Refusal => ({
    record: { offset: String(offset) } as KafkaMessage,
    reason: 'rejected',
    error: new Error('no'),
  });
  const due = () => offsets.dueRefusals().map(({ refusal: { record } }) => record.offset);
  offsets.refuse(three as TakenOffset, refusal(3));
  offsets.refuse(one as TakenOffset, refusal(1));
  assert.deepEqual(due(), []);
  offsets.settle(zero as TakenOffset);
  assert.deepEqual(due(), ['1']);
  assert.deepEqual(due(), [], 'each once');
  assert.equal(offsets.watermark(), 1n);
  offsets.settle(two as TakenOffset);
  assert.deepEqual(due(), ['3']);
  offsets.settle(three as TakenOffset);
  assert.equal(offsets.watermark(), 1n, 'until its dead letter is written');
  offsets.settle(one as TakenOffset);
  offsets.advance(4n);
  assert.equal(offsets.watermark(), 4n);
});
