import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRotation } from './rotation.ts';

const flushMs = 1_000;
const limits = {
  records: 5,
  bytes: 100,
  flushMs,
  nextFlush: (now: number) => (Math.floor(now / flushMs) + 1) * flushMs,
};

test('a file is closed at so many records, or so many bytes, whichever comes first', () => {
  const rotation = createRotation(limits);
  assert.deepEqual(
    [10, 20, 30, 40, 50].map((bytes) => rotation.added(0, bytes)),
    [undefined, undefined, undefined, undefined, 'records'],
  );
  rotation.reset();
  assert.deepEqual(
    [99, 100].map((bytes) => rotation.added(0, bytes)),
    [undefined, 'bytes'],
  );
  assert.equal(rotation.records(), 2);
});

test('S2-07 a file is due at the next time of its first record, also while no more records come', () => {
  const rotation = createRotation(limits);
  assert.equal(rotation.isDue(10 ** 12), false);
  assert.equal(rotation.dueInMs(0), Number.POSITIVE_INFINITY);
  rotation.added(1_900, 1);
  rotation.added(1_950, 1);
  assert.deepEqual([1_999, 2_000].map(rotation.isDue), [false, true]);
  assert.deepEqual([1_900, 1_999, 2_500].map(rotation.dueInMs), [100, 1, 0]);
  rotation.added(2_000, 1);
  assert.equal(rotation.isDue(2_000), true, 'the time of the first record stays');
  rotation.reset();
  assert.equal(rotation.isDue(10 ** 12), false);
  rotation.added(2_000, 1);
  assert.equal(rotation.dueInMs(2_000), 1_000);
});

test('a clock that is set back does not keep a file open longer than the interval', () => {
  const rotation = createRotation(limits);
  rotation.added(10_500, 1);
  assert.equal(rotation.isDue(10_000), false);
  assert.equal(rotation.isDue(9_999), true);
});

/** The files that lines of these times and sizes become, by definition: no state between two lines but the file. */
function modelOf(lines: readonly { at: number; bytes: number }[]): number[] {
  const files: (typeof lines)[number][][] = [[]];
  for (const line of lines) {
    const file = files.at(-1) as (typeof lines)[number][];
    const [first] = file;
    const bytes = file.reduce((sum, one) => sum + one.bytes, 0);
    const isFull = file.length >= limits.records || bytes >= limits.bytes;
    const isOld =
      first !== undefined && Math.floor(first.at / flushMs) !== Math.floor(line.at / flushMs);
    if (isFull || isOld) files.push([line]);
    else file.push(line);
  }
  return files.map(({ length }) => length);
}

test('lines of any times and sizes become the files of the definition', () => {
  const line = fc.record({
    after: fc.integer({ min: 0, max: 700 }),
    bytes: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (steps) => {
      let at = 0;
      const lines = steps.map(({ after, bytes }) => {
        at += after;
        return { at, bytes };
      });
      const rotation = createRotation(limits);
      const files: number[] = [];
      let bytes = 0;
      const close = () => {
        files.push(rotation.records());
        rotation.reset();
        bytes = 0;
      };
      for (const line of lines) {
        if (rotation.isDue(line.at)) close();
        bytes += line.bytes;
        if (rotation.added(line.at, bytes) !== undefined) close();
      }
      if (rotation.records() > 0) close();
      assert.deepEqual(files, modelOf(lines));
    }),
  );
});
