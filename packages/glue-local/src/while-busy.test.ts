import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { whileBusy } from './while-busy.ts';

test('a file is changed to WAL as soon as another process has created its tables', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
  const file = join(folder, 'registry.sqlite');
  const other = new DatabaseSync(file);
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA busy_timeout = 5000');
    const useWal = () => database.exec('PRAGMA journal_mode = WAL');
    other.exec('BEGIN IMMEDIATE');
    const busy = { message: 'database is locked' };
    assert.throws(useWal, busy);
    assert.throws(() => whileBusy(useWal, 0), busy);
    let attempts = 0;
    whileBusy(() => {
      attempts += 1;
      if (attempts === 3) other.exec('COMMIT');
      useWal();
    }, 5000);
    assert.equal(attempts, 3);
    assert.throws(() => whileBusy(() => database.exec('nonsense'), 5000), /syntax error/);
  } finally {
    other.close();
    database.close();
    await rm(folder, { recursive: true });
  }
});
