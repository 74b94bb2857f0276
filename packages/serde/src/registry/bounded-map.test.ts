import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBoundedMap } from './bounded-map.ts';

test('get finds the last value of a key, and no more entries than the limit are kept', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(30), { maxLength: 200 }),
      fc.integer({ min: 2, max: 20 }),
      (keys, max) => {
        const map = createBoundedMap<number, number>(max);
        for (const [i, key] of keys.entries()) {
          map.set(key, i);
          assert.equal(map.get(key), i);
        }
        const kept = [...new Set(keys)].filter((key) => map.get(key) !== undefined);
        assert.ok(kept.length <= max + 1, `${kept.length} of ${max}`);
        for (const key of kept)
          assert.equal(map.get(key) ?? keys.lastIndexOf(key), keys.lastIndexOf(key));
      },
    ),
  );
});

test('an entry in use stays, however many others are added', () => {
  const map = createBoundedMap<number, string>(10);
  map.set(-1, 'in use');
  for (let key = 0; key < 10_000; key++) {
    map.set(key, 'once');
    assert.equal(map.get(-1), 'in use');
  }
  assert.equal(map.get(0), undefined);
});

test('a deleted entry is not found', () => {
  const map = createBoundedMap<string, number>(2);
  for (const key of ['a', 'b', 'c']) map.set(key, 1);
  for (const key of ['a', 'b', 'c']) {
    map.delete(key);
    assert.equal(map.get(key), undefined);
  }
});
