import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffLines } from './line-diff.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 25 });

test('the lines make both texts, with their numbers', () => {
  fc.assert(
    fc.property(lines, lines, (first, second) => {
      const diff = diffLines(first, second);
      const before = diff.filter(({ kind }) => kind !== 'added');
      const after = diff.filter(({ kind }) => kind !== 'removed');
      assert.deepEqual(
        before.map(({ text }) => text),
        first,
      );
      assert.deepEqual(
        after.map(({ text }) => text),
        second,
      );
      assert.deepEqual(
        before.map(({ from }) => from),
        first.map((_, index) => index + 1),
      );
      assert.deepEqual(
        after.map(({ to }) => to),
        second.map((_, index) => index + 1),
      );
    }),
  );
});

test('as many lines as possible are the same', () => {
  fc.assert(
    fc.property(lines, lines, (first, second) => {
      const same = diffLines(first, second).filter(({ kind }) => kind === 'same').length;
      // The longest common subsequence, by its definition.
      const longest = first.reduceRight(
        (below, line) => {
          const row = below.slice();
          for (let index = second.length - 1; index >= 0; index -= 1)
            row[index] =
              line === second[index]
                ? 1 + (below[index + 1] ?? 0)
                : Math.max(below[index] ?? 0, row[index + 1] ?? 0);
          return row;
        },
        new Array<number>(second.length + 1).fill(0),
      );
      assert.equal(same, longest[0]);
    }),
  );
});

test('texts of 100 000 different lines are compared, as a replacement of what differs', () => {
  const [first, second] = ['x', 'y'].map((mark) => [
    'same',
    ...Array.from({ length: 100_000 }, (_, index) => `${mark}${index}`),
    'same',
  ]) as [string[], string[]];
  const diff = diffLines(first, second);
  assert.equal(diff.length, 200_002);
  assert.deepEqual([diff[0]?.kind, diff.at(-1)?.kind], ['same', 'same']);
});
