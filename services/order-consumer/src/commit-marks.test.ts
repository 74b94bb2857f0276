import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseMarks, printMarks } from './commit-marks.ts';

const lane = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const mark = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });

test('marks survive the commit, also behind the id of the topic', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(lane, mark), { selector: ([name]) => name }), (entries) => {
      const marks = new Map(entries);
      assert.deepEqual(parseMarks(printMarks(marks)), marks);
      assert.deepEqual(parseMarks(`topic-id=mZ1-_a9=x2 ${printMarks(marks)}`), marks);
    }),
  );
});

test('metadata of other tools has no marks', () => {
  for (const metadata of [
    null,
    '',
    'reset by hand',
    's3=',
    's3=-1',
    's3=1x',
    'topic-id=12 ',
    'S3=5',
  ])
    assert.deepEqual(parseMarks(metadata), new Map());
});
