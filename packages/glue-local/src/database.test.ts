import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from './database.ts';
import { StorageFullError } from './storage-full.ts';

test('F19 a full database stores nothing, says that it is full, and accepts writes again when there is room', () => {
  const database = openDatabase(':memory:');
  const setMaxPages = (pages: number) => database.prepare(`PRAGMA max_page_count = ${pages}`).get();
  const create = database.prepare(
    'INSERT INTO registries (name, description, created_ms, updated_ms) VALUES (?, ?, 0, 0)',
  );
  const names = () =>
    database
      .prepare('SELECT name FROM registries')
      .all()
      .map(({ name }) => name);
  setMaxPages(1);
  const createTwo = () =>
    database.transaction(() => {
      create.run('a', '');
      create.run('b', 'x'.repeat(100_000));
    });
  assert.throws(createTwo, (error: Error) => {
    assert.ok(error instanceof StorageFullError);
    assert.match(error.message, /is full.*SQLITE_FULL/);
    return true;
  });
  assert.deepEqual(names(), []);
  setMaxPages(1_000);
  createTwo();
  assert.deepEqual(names(), ['a', 'b']);
  database.close();
});
