import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDeadLetterBrake } from './dead-letter-brake.ts';

/** Feeds records, one letter each: `.` passes, `x` is refused. Returns the offset of the first record that is held back. */
function heldAt(brake: ReturnType<typeof createDeadLetterBrake>, records: string, from = 0) {
  for (let i = 0; i < records.length; i += 1) {
    if (records[i] === '.') brake.passed(String(from + i));
    else if (brake.refuse(String(from + i)) !== undefined) return from + i;
  }
  return undefined;
}

test('as many refused records in a row as the limit says become dead letters, the next is held back', () => {
  const brake = createDeadLetterBrake({ percent: 0, consecutive: 3 });
  assert.equal(heldAt(brake, 'xx.xxx.'), undefined);
  assert.equal(heldAt(brake, 'xxxx', 7), 10);
  assert.match(brake.refuse('10') ?? '', /^3 records in a row .*DLQ_LIMIT_CONSECUTIVE/);
  brake.lift();
  assert.equal(heldAt(brake, 'xxx', 10), undefined);
});

test('a share above the limit is held back from 100 records on', () => {
  const brake = createDeadLetterBrake({ percent: 50, consecutive: 0 });
  assert.equal(heldAt(brake, 'x'.repeat(99)), undefined);
  assert.match(brake.refuse('99') ?? '', /^more than 50 % of the last 100 .*DLQ_LIMIT_PERCENT/);
  const lowest = createDeadLetterBrake({ percent: 1, consecutive: 0 });
  assert.equal(heldAt(lowest, `${'.'.repeat(200)}xxx`), 202);
  const even = createDeadLetterBrake({ percent: 50, consecutive: 0 });
  assert.equal(heldAt(even, '.x'.repeat(3_000)), undefined);
  assert.equal(heldAt(even, 'xx', 6_000), 6_000);
});

test('only the last 1000 records count', () => {
  const brake = createDeadLetterBrake({ percent: 10, consecutive: 0 });
  assert.equal(heldAt(brake, '.'.repeat(5_000) + 'x'.repeat(101)), 5_100);
  const half = createDeadLetterBrake({ percent: 50, consecutive: 0 });
  assert.equal(heldAt(half, '.'.repeat(5_000) + 'x'.repeat(501)), 5_500, '501 of 1000');
  const passed = createDeadLetterBrake({ percent: 10, consecutive: 0 });
  assert.equal(
    heldAt(passed, `${'.'.repeat(1_000)}${'x'.repeat(100)}${'.'.repeat(1_000)}x`),
    undefined,
  );
});

test('a sink that refuses records which passed before is held back in the same way', () => {
  const inARow = createDeadLetterBrake({ percent: 0, consecutive: 3 });
  heldAt(inARow, '......');
  assert.deepEqual(
    ['1', '2', '3', '5', '4'].map((offset) => inARow.refuse(offset) === undefined),
    [true, true, true, true, false],
  );
  const share = createDeadLetterBrake({ percent: 50, consecutive: 0 });
  heldAt(share, '.'.repeat(200));
  const held = Array.from({ length: 200 }, (_, i) => i).find(
    (offset) => share.refuse(String(offset)) !== undefined,
  );
  assert.equal(held, 100);
});

test('refusals that come thousands of records late count at the place of their record', () => {
  const brake = createDeadLetterBrake({ percent: 50, consecutive: 100 });
  heldAt(brake, '.'.repeat(3_500));
  for (let offset = 0; offset < 3_500; offset += 15)
    assert.equal(brake.refuse(String(offset)), undefined, `offset ${offset}`);
});

test('a record that is refused twice counts once, and limits of 0 hold nothing back', () => {
  const brake = createDeadLetterBrake({ percent: 50, consecutive: 0 });
  heldAt(brake, '.'.repeat(100));
  for (let round = 0; round < 3; round += 1)
    for (let offset = 0; offset < 50; offset += 1)
      assert.equal(brake.refuse(String(offset)), undefined);
  const off = createDeadLetterBrake({ percent: 0, consecutive: 0 });
  assert.equal(heldAt(off, 'x'.repeat(3_000)), undefined);
});

test('lifting forgets every record, also after the ring was written to its end', () => {
  const inARow = createDeadLetterBrake({ percent: 0, consecutive: 3 });
  heldAt(inARow, `${'.'.repeat(3_997)}xxx`);
  assert.notEqual(inARow.refuse('4000'), undefined);
  inARow.lift();
  assert.equal(heldAt(inARow, 'xxxx', 4_000), 4_003);
  const share = createDeadLetterBrake({ percent: 50, consecutive: 0 });
  heldAt(share, '.'.repeat(150));
  share.lift();
  assert.equal(heldAt(share, 'x'.repeat(150), 150), 249);
});

test('holds back exactly when a plain count over the last records says so', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { maxLength: 1_500 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 0, max: 20 }),
      (records, percent, consecutive) => {
        const brake = createDeadLetterBrake({ percent, consecutive });
        const seen: boolean[] = [];
        records.forEach((isRefused, offset) => {
          if (!isRefused) {
            brake.passed(String(offset));
            seen.push(false);
            return;
          }
          const window = [...seen, true].slice(-1_000);
          const inARow = seen.length - 1 - seen.lastIndexOf(false);
          const share = (window.filter(Boolean).length * 100) / window.length;
          const isHeld =
            (consecutive > 0 && inARow >= consecutive) || (window.length >= 100 && share > percent);
          assert.equal(brake.refuse(String(offset)) !== undefined, isHeld);
          if (!isHeld) seen.push(true);
        });
      },
    ),
  );
});

/** 6 of each 10 records are refused. */
const mostlyRefused = 'xx.xx.xx..'.repeat(20);

test('records that are decoded again count once: each batch of 50 three times changes nothing', () => {
  const brake = createDeadLetterBrake({ percent: 50, consecutive: 0 });
  const held = [0, 50, 100].flatMap((from) =>
    [1, 2, 3].map(() => heldAt(brake, mostlyRefused.slice(from, from + 50), from)),
  );
  assert.deepEqual(held.slice(0, 6), Array(6).fill(undefined));
  assert.deepEqual(held.slice(6), [100, 100, 100]);
});

test('before the oldest record that is remembered, counting begins anew', () => {
  const brake = createDeadLetterBrake({ percent: 50, consecutive: 0 });
  heldAt(brake, '.'.repeat(5_000), 1_000_000);
  // A topic that was made again. If passed records were ignored, 1 % of refused records would be held.
  assert.equal(heldAt(brake, `${'.'.repeat(99)}x`.repeat(60)), undefined);
  assert.equal(heldAt(brake, '.', 1_999), undefined);
  assert.equal(heldAt(brake, mostlyRefused, 2_000), 2_100);
  brake.lift();
  assert.equal(heldAt(brake, `.${mostlyRefused}`, 9), 110);
  const remembered = createDeadLetterBrake({ percent: 50, consecutive: 0 });
  heldAt(remembered, '.'.repeat(5_000), 1_000);
  heldAt(remembered, '.', 2_000);
  assert.equal(heldAt(remembered, mostlyRefused, 6_000), undefined, 'the oldest is remembered');
});

test('however often batches are decoded again, a record is held back exactly as when each is decoded once', () => {
  const batches = fc.array(
    fc.record({
      records: fc.array(fc.constantFrom('.', 'x'), { maxLength: 60 }),
      rewinds: fc.array(fc.nat({ max: 3_000 }), { maxLength: 3 }),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      batches,
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 20 }),
      fc.nat({ max: 2_000 }),
      (batches, percent, consecutive, first) => {
        const once = createDeadLetterBrake({ percent, consecutive });
        const again = createDeadLetterBrake({ percent, consecutive });
        const all = batches.flatMap(({ records }) => records).join('');
        let end = 0;
        for (const { records, rewinds } of batches) {
          const held = heldAt(once, records.join(''), first + end);
          const before = end;
          end += records.length;
          for (const rewind of [0, ...rewinds]) {
            const from = Math.max(0, before - rewind);
            assert.equal(heldAt(again, all.slice(from, end), first + from), held);
          }
          if (held !== undefined) return;
        }
      },
    ),
  );
});
