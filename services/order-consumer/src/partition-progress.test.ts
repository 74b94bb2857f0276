import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPartitionProgress } from './partition-progress.ts';

const lane = (from: bigint, mark = from) => ({ from, mark });

test('the watermark is the lowest of what was taken and of all lanes', () => {
  const progress = createPartitionProgress(
    10n,
    new Map([
      ['stdout', lane(10n)],
      ['s3', lane(10n)],
    ]),
  );
  progress.taken({ next: 15n });
  assert.equal(progress.position(), 15n);
  progress.taken({ next: 20n });
  assert.equal(progress.position(), 20n);
  progress.durable('stdout', 20n, 20n);
  assert.equal(progress.watermark(), 10n);
  progress.durable('s3', 17n, 10n);
  assert.equal(progress.watermark(), 17n);
  assert.deepEqual(progress.settle(), [{ next: 15n }]);
  assert.deepEqual(progress.settle(), []);
  assert.equal(progress.isSettled(), false);
  assert.deepEqual(
    progress.marks(),
    new Map([
      ['stdout', 20n],
      ['s3', 10n],
    ]),
  );
  progress.durable('s3', 20n, 20n);
  assert.deepEqual(progress.settle(), [{ next: 20n }]);
  assert.equal(progress.isSettled(), true);
});

test('a lane that is ahead of the commit does not move the watermark beyond what was taken', () => {
  const progress = createPartitionProgress(10n, new Map([['s3', lane(30n)]]));
  assert.equal(progress.watermark(), 10n);
  progress.taken({ next: 20n });
  assert.equal(progress.watermark(), 20n);
  progress.taken({ next: 40n });
  assert.equal(progress.watermark(), 30n);
});

test('a watermark that decreases, an unknown lane and a run below the position are defects of the caller', () => {
  const progress = createPartitionProgress(10n, new Map([['s3', lane(10n)]]));
  progress.taken({ next: 20n });
  progress.durable('s3', 15n, 12n);
  assert.throws(() => progress.durable('s3', 14n, 12n), RangeError);
  assert.throws(() => progress.durable('s3', 16n, 11n), RangeError);
  assert.throws(() => progress.durable('dynamodb', 16n, 16n), RangeError);
  assert.throws(() => progress.taken({ next: 20n }), RangeError);
  assert.equal(progress.durable('s3', 15n, 12n), false);
  assert.equal(progress.durable('s3', 15n, 13n), true);
});

test('a report without a mark keeps the mark, and a lane that has never had one is in no commit', () => {
  const progress = createPartitionProgress(
    10n,
    new Map<string, { from: bigint; mark: bigint | undefined }>([
      ['s3', lane(10n)],
      ['dlq', { from: 10n, mark: undefined }],
    ]),
  );
  progress.taken({ next: 20n });
  assert.equal(progress.durable('s3', 12n, undefined), true);
  assert.equal(progress.durable('s3', 12n, undefined), false);
  assert.equal(progress.durable('dlq', 12n, undefined), true);
  assert.deepEqual(progress.marks(), new Map([['s3', 10n]]));
});

test('whatever the order of completions, a commit covers only records that every lane has stored', () => {
  const names = ['stdout', 's3', 'dlq'] as const;
  const step = fc.oneof(
    fc.record({ take: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ lane: fc.constantFrom(...names), records: fc.integer({ min: 0, max: 12 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const begins = new Map(names.map((name) => [name, lane(100n)]));
      const progress = createPartitionProgress<{ next: bigint }>(100n, begins);
      const stored = new Map<string, bigint>(names.map((name) => [name, 100n]));
      let position = 100n;
      const settled: bigint[] = [];
      const taken: bigint[] = [];
      for (const one of steps) {
        const before = progress.watermark();
        if ('take' in one) {
          position += BigInt(one.take);
          taken.push(position);
          progress.taken({ next: position });
        } else {
          const last = stored.get(one.lane) as bigint;
          const next =
            last + BigInt(one.records) > position ? position : last + BigInt(one.records);
          stored.set(one.lane, next);
          progress.durable(one.lane, next, next);
        }
        const lowest = [...stored.values(), position].reduce((a, b) => (a < b ? a : b));
        assert.equal(progress.watermark(), lowest);
        assert.ok(progress.watermark() >= before);
        settled.push(...progress.settle().map(({ next }) => next));
        assert.deepEqual(
          settled,
          taken.filter((next) => next <= lowest),
        );
      }
    }),
  );
});
