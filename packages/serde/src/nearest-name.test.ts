import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestName } from './nearest-name.ts';

const known = ['compression', 'cacheSize', 'url', 'key', 'part'];

test('a name in other case, or with up to two edits, means the known one', () => {
  for (const [name, meant] of [
    ['compresion', 'compression'],
    ['compressoin', 'compression'],
    ['Compression', 'compression'],
    ['cachesize', 'cacheSize'],
    ['cacheSizes', 'cacheSize'],
    ['casheSice', 'cacheSize'],
    ['URL', 'url'],
    ['ulr', 'url'],
    ['parts', 'part'],
    ['kez', 'key'],
    ['casheSices', undefined],
    ['to', undefined],
    ['', undefined],
    ['topic', undefined],
  ] as const)
    assert.equal(nearestName(name, known), meant, name);
});

test('the nearest of several names is chosen', () => {
  assert.equal(
    nearestName('schemaVersion', ['schemaVersionId', 'schemaVersions']),
    'schemaVersions',
  );
  assert.equal(nearestName('tags', ['tag', 'tags']), 'tags');
});
