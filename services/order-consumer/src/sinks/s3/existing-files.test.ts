import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createExistingFiles } from './existing-files.ts';
import { metadataOf } from './file-range.ts';
import { partitionKeys } from './object-key.ts';
import { createMemoryStore } from './testing/memory-store.ts';

const start = {
  topic: 'orders',
  partition: 0,
  topicId: 'id-1',
  attempt: <Result>(
    _: string,
    request: (signal: AbortSignal, progressed: () => void) => Promise<Result>,
  ) => request(new AbortController().signal, () => {}),
};
const keys = partitionKeys('topics', 'orders', 0);
const origin = { ...start, fileId: 'f', serviceVersion: '1' };
const content = { records: 1, schemaVersionId: undefined };

function bucket(ranges: readonly (readonly [bigint, bigint])[], extension = 'json') {
  const requests: string[] = [];
  const { store, objects } = createMemoryStore((request) => {
    requests.push(request);
    return undefined;
  });
  for (const [first, last] of ranges)
    objects.set(keys.file(first, extension), {
      contentType: '',
      body: Buffer.alloc(0),
      metadata: metadataOf({ ...origin, first }, { ...content, last }),
    });
  return { objects, requests, files: createExistingFiles(start, store, keys) };
}

test('S3-09 the next file is found after an offset, whatever else is in the folder', async () => {
  const { files, objects } = bucket([
    [0n, 99n],
    [100n, 149n],
    [500n, 599n],
  ]);
  for (const name of [
    'orders+0+0000000120.txt',
    'orders+0+120.json',
    '_range+0000000110+x',
    'a.json',
  ])
    objects.set(`topics/orders/partition=0/${name}`, {
      contentType: '',
      body: Buffer.alloc(0),
      metadata: {},
    });
  assert.deepEqual(await files.atOrAfter(0n), { first: 0n, last: 99n });
  assert.deepEqual(await files.atOrAfter(1n), { first: 100n, last: 149n });
  assert.deepEqual(await files.atOrAfter(101n), { first: 500n, last: 599n });
  assert.equal(await files.atOrAfter(501n), undefined);
});

test('a range begins after the file that holds the offset, and else at the offset', async () => {
  const { files } = bucket([
    [0n, 99n],
    [100n, 149n],
    [5_000_000n, 5_000_010n],
  ]);
  for (const [offset, begin] of [
    [0n, 100n],
    [99n, 100n],
    [100n, 150n],
    [149n, 150n],
    [150n, 150n],
    [4_999_999n, 4_999_999n],
    [5_000_000n, 5_000_011n],
    [10n ** 9n, 10n ** 9n],
    [10n ** 10n, 10n ** 10n],
  ] as const)
    assert.equal(await files.beginFor(offset), begin, String(offset));
});

test('S3-09 names of 10 digits sort as their offsets, and longer names between them are left out', async () => {
  const { files } = bucket([
    [999_999_990n, 1_000_000_004n],
    [9_999_999_990n, 9_999_999_994n],
    [10n ** 10n, 10n ** 10n + 4n],
  ]);
  assert.equal(await files.beginFor(1_000_000_001n), 1_000_000_005n);
  // The name of 10^10 is before that of 9,999,999,990.
  assert.equal((await files.atOrAfter(999_999_991n))?.first, 9_999_999_990n);
  assert.equal(await files.atOrAfter(9_999_999_991n), undefined);
  assert.equal(await files.beginFor(10n ** 10n + 1n), 10n ** 10n + 5n);
});

test('few keys are listed, and each page is asked for once', async () => {
  // The store has pages of three keys.
  const spread = Array.from(
    { length: 12 },
    (_, i) => [BigInt(i) * 1000n, BigInt(i) * 1000n] as const,
  );
  const dense = Array.from({ length: 12 }, (_, i) => [BigInt(i), BigInt(i)] as const);
  for (const [ranges, offset, listings] of [
    // The interval below the offset has one file.
    [spread, 11_500n, 1],
    // The first page ends beyond the offset.
    [dense, 1n, 1],
    [dense, 20n, 4],
    [[], 5n, 1],
  ] as const) {
    const { files, requests } = bucket(ranges);
    await files.beginFor(offset);
    assert.equal(requests.filter((one) => one === 'keys').length, listings, String(offset));
  }
});

test('a file that is deleted after it was listed is passed over', async () => {
  const { store, objects } = createMemoryStore((request) => {
    if (request === 'metadata') objects.delete(keys.file(5n, 'json'));
    return undefined;
  });
  const files = createExistingFiles(start, store, keys);
  for (const [key, object] of bucket([
    [5n, 9n],
    [10n, 19n],
  ]).objects)
    objects.set(key, object);
  assert.deepEqual(await files.atOrAfter(5n), { first: 10n, last: 19n });
});

test('files of both formats are found', async () => {
  const { files, objects } = bucket([[0n, 9n]]);
  for (const [key, object] of bucket([[10n, 19n]], 'avro').objects) objects.set(key, object);
  assert.deepEqual(await files.atOrAfter(10n), { first: 10n, last: 19n });
  assert.equal(await files.beginFor(5n), 10n);
});

test('S3-09 ranges are found also where offsets need more than 10 digits', async () => {
  const offset = fc.oneof(
    fc.bigInt(0n, 40n),
    fc.bigInt(10n ** 10n - 20n, 10n ** 10n + 20n),
    fc.bigInt(10n ** 11n - 20n, 10n ** 11n + 20n),
    fc.bigInt(123_456_789_000n, 123_456_789_040n),
    fc.bigInt(1_234_567_890n, 1_234_567_930n),
  );
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(offset, { maxLength: 12 }), offset, async (begins, asked) => {
      const sorted = begins.sort((a, b) => (a < b ? -1 : 1));
      // Each file ends before the next one, and before names become longer, as every file does.
      const ranges = sorted.map((first, i) => {
        const length = String(first).padStart(10, '0').length;
        const limits = [sorted[i + 1] ?? first + 5n, first + 5n, 10n ** BigInt(length)];
        return [first, limits.reduce((a, b) => (a < b ? a : b)) - 1n] as const;
      });
      const { files } = bucket(ranges);
      const sameLength = (one: bigint) =>
        String(one).padStart(10, '0').length === String(asked).padStart(10, '0').length;
      const next = ranges.find(([first]) => first >= asked && sameLength(first));
      assert.deepEqual(await files.atOrAfter(asked), next && { first: next[0], last: next[1] });
      const holder = ranges.find(([first, last]) => first <= asked && asked <= last);
      assert.equal(await files.beginFor(asked), holder ? holder[1] + 1n : asked);
    }),
    { numRuns: 300 },
  );
});

test('an object that is not a file of this topic and partition is named', async () => {
  const good = metadataOf({ ...origin, first: 0n }, { ...content, last: 9n });
  const { 'last-offset': _, ...withoutEnd } = good;
  for (const [metadata, found] of [
    [{}, /an object without an offset range/],
    [{ ...good, topic: 'other' }, /a file of topic other/],
    [{ ...good, partition: '1' }, /partition 1/],
    [{ ...good, 'topic-id': 'id-2' }, /id id-2/],
    [{ ...good, 'first-offset': '5' }, /topic orders/],
    [{ ...good, 'last-offset': 'x' }, /without the end of its range/],
    [withoutEnd, /without the end of its range/],
  ] as const) {
    const { files, objects } = bucket([]);
    objects.set(keys.file(0n, 'json'), { contentType: '', body: Buffer.alloc(0), metadata });
    const expected = { code: 'foreign-object', message: found };
    await assert.rejects(files.atOrAfter(0n), expected);
    await assert.rejects(files.beginFor(3n), expected);
  }
  const { files, objects } = bucket([]);
  const { 'topic-id': __, ...withoutId } = good;
  objects.set(keys.file(0n, 'json'), {
    contentType: '',
    body: Buffer.alloc(0),
    metadata: withoutId,
  });
  assert.deepEqual(await files.atOrAfter(0n), { first: 0n, last: 9n });
});

test('the end of a large file is in another object', async () => {
  const { files, objects } = bucket([]);
  const large = { ...origin, first: 0n, fileId: 'large' };
  const object = { contentType: '', body: Buffer.alloc(0) };
  objects.set(keys.file(0n, 'json'), { ...object, metadata: metadataOf(large, undefined) });
  objects.set(keys.rangeEnd(0n, 'large'), {
    ...object,
    metadata: metadataOf(large, { ...content, last: 7n }),
  });
  assert.deepEqual(await files.atOrAfter(0n), { first: 0n, last: 7n });
});
