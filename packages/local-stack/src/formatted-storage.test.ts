import assert from 'node:assert/strict';
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { copyFormattedStorage } from './formatted-storage.ts';

test('storage is formatted once, and each broker has a copy of its own', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'formatted-storage-'));
  const cache = join(folder.path, 'cache');
  let formatted = 0;
  const format = async (data: string) => {
    formatted += 1;
    writeFileSync(join(data, 'meta.properties'), `format ${formatted}`);
  };
  const files = ['first', 'second'].map((name) => join(folder.path, name));
  for (const data of files) await copyFormattedStorage(cache, data, format);
  const [first = '', second = ''] = files.map((data) => join(data, 'meta.properties'));
  writeFileSync(first, 'changed by its broker');
  assert.deepEqual([formatted, readFileSync(second, 'utf8')], [1, 'format 1']);
});

test('storage that could not be formatted is formatted again', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'formatted-storage-'));
  const [cache, data] = [join(folder.path, 'cache'), join(folder.path, 'data')];
  const failing = copyFormattedStorage(cache, data, async (partial) => {
    writeFileSync(join(partial, 'half'), '');
    throw new Error('no disk');
  });
  await assert.rejects(failing, /no disk/);
  await copyFormattedStorage(cache, data, async (partial) =>
    writeFileSync(join(partial, 'meta.properties'), 'whole'),
  );
  assert.equal(readFileSync(join(data, 'meta.properties'), 'utf8'), 'whole');
});
