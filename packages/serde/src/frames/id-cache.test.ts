import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIdCache } from './id-cache.ts';

const frame = (id: number) => Buffer.from([id]);
const cacheOf = (maxEntries: number) =>
  createIdCache<string>(maxEntries, (bytes) => bytes[0] as number);

test('each id has its own entry, in any order', () => {
  const cache = cacheOf(10);
  for (const id of [0, 1, 2]) assert.equal(cache.get(frame(id)), undefined);
  for (const id of [0, 1, 2]) cache.set(frame(id), `schema ${id}`);
  for (const id of [0, 0, 1, 2, 2, 1, 0]) assert.equal(cache.get(frame(id)), `schema ${id}`);
});

test('an entry that is set again replaces the last one', () => {
  const cache = cacheOf(10);
  for (const entry of ['old', 'new']) {
    cache.set(frame(1), entry);
    assert.equal(cache.get(frame(1)), entry);
  }
  cache.set(frame(2), 'changed');
  assert.equal(cache.get(frame(1)), 'new');
});

test('no more ids than the limit are kept', () => {
  const cache = cacheOf(2);
  for (const id of [1, 2, 3]) cache.set(frame(id), `schema ${id}`);
  assert.deepEqual(
    [3, 2, 1].map((id) => cache.get(frame(id))),
    ['schema 3', 'schema 2', undefined],
  );
});
