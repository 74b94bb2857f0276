import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { longerNamesFrom, partitionKeys } from './object-key.ts';

const keys = partitionKeys('topics', 'orders', 3);

test('S3-08 S3-09 files have the names of Kafka Connect, offsets padded to 10 digits', () => {
  assert.equal(keys.file(120n, 'json'), 'topics/orders/partition=3/orders+3+0000000120.json');
  assert.match(keys.file(2n ** 63n - 1n, 'avro'), /\/orders\+3\+9223372036854775807\.avro$/);
  assert.equal(
    partitionKeys('', 'a.b_c-d', 0).file(0n, 'json'),
    'a.b_c-d/partition=0/a.b_c-d+0+0000000000.json',
  );
  assert.match(partitionKeys('a/b', 'orders', 0).file(0n, 'json'), /^a\/b\/orders\//);
});

test('S3-09 the first offset is read from a key, and from nothing else', () => {
  const offset = fc.bigInt(0n, 2n ** 63n - 1n);
  fc.assert(
    fc.property(offset, fc.constantFrom('json', 'avro'), (first, extension) => {
      assert.equal(keys.firstOf(keys.file(first, extension)), first);
      assert.equal(keys.firstOf(keys.rangeEnd(first, 'id')), undefined);
      assert.equal(keys.firstOf(keys.before(first)), undefined);
    }),
  );
  for (const name of [
    'orders+3+120.json',
    'orders+3+00000000120.json',
    'orders+3+0000000120.json.gz',
    'orders+3+0000000120.parquet',
    'orders+4+0000000120.json',
    'orders+3+-000000012.json',
  ])
    assert.equal(keys.firstOf(`topics/orders/partition=3/${name}`), undefined, name);
});

test('names of one length sort as their offsets, and `before` is between those below and those from an offset on', () => {
  const offsets = fc.bigInt(0n, 10n ** 13n);
  fc.assert(
    fc.property(offsets, offsets, fc.constantFrom('json', 'avro'), (a, b, extension) => {
      fc.pre(longerNamesFrom(a) === longerNamesFrom(b));
      assert.equal(keys.file(a, extension) > keys.before(b), a >= b);
      assert.ok(keys.file(a, extension) < keys.end && keys.file(a, extension) > keys.stem);
    }),
  );
});

test('names become longer at the powers of ten from 10^10 on', () => {
  for (const [offset, end] of [
    [0n, 10n ** 10n],
    [10n ** 10n - 1n, 10n ** 10n],
    [10n ** 10n, 10n ** 11n],
    [10n ** 18n, 2n ** 63n],
  ] as const)
    assert.equal(longerNamesFrom(offset), end);
});
