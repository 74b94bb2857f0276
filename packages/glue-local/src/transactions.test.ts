import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createArns } from './arn.ts';
import { createCommitLog } from './commit-log.ts';
import { openDatabase } from './database.ts';
import { noQuotas } from './quotas.ts';
import { createRegistryState } from './registry-state.ts';
import { createTransactions } from './transactions.ts';

/** The transactions of a registry, its lines of the log, and how often it asked for the lock for writing. */
function openTransactions(file: string) {
  const counts = { writes: 0 };
  const database = openDatabase(file);
  const counted: typeof database = {
    ...database,
    transaction: (work) => {
      counts.writes += 1;
      return database.transaction(work);
    },
  };
  const logged: string[] = [];
  const line = (_fields: unknown, message?: unknown) => logged.push(String(message));
  const state = createRegistryState({
    database,
    arns: createArns({ region: 'us-east-1', accountId: '000000000000' }),
    ...{ pendingMs: 0, deletingMs: 0, quotas: noQuotas, now: () => 1 },
    log: createCommitLog({ info: line, warn: line }),
  });
  const transactions = createTransactions(counted, state, 60_000);
  return { state, transactions, logged, counts, [Symbol.dispose]: () => database.close() };
}

test('a change that is rolled back is not logged, also not with the next change', async () => {
  using registry = openTransactions(':memory:');
  const { state, transactions, logged } = registry;
  const row = { name: 'r', description: null, created_ms: 1, updated_ms: 1 };
  const failing = transactions.write(() => {
    state.registries.insert(row);
    state.log.info({}, 'first');
    state.log.warn({}, 'second');
    throw new Error('nonsense');
  });
  await assert.rejects(failing, /nonsense/);
  assert.equal(state.registries.count(), 0);
  await transactions.write(() => {
    state.registries.insert(row);
    state.log.info({}, 'third');
    assert.deepEqual(logged, []);
  });
  assert.deepEqual(logged, ['third']);
});

test('a read does not wait for the lock of another process to remove what was deleted', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
  const file = join(folder.path, 'registry.sqlite');
  using registry = openTransactions(file);
  const { state, transactions, counts } = registry;
  await transactions.write(() => {
    state.registries.insert({ name: 'r', description: null, created_ms: 1, updated_ms: 1 });
    state.deletions.markRegistry('r', 1);
  });
  const status = () => transactions.read(() => state.registries.find('r')?.deleted_ms);
  using other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  counts.writes = 0;
  assert.equal(await status(), 1);
  assert.equal(counts.writes, 1);
  other.exec('COMMIT');
  assert.equal(await status(), undefined);
});
