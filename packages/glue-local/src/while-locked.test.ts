import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { openDatabase } from './database.ts';
import { asDatabaseLocked, DatabaseLockedError } from './database-locked.ts';
import { openRegistry } from './testing/open-registry.ts';
import { orderSchema } from './testing/start-registry.ts';
import { blockWhileLocked, whileLocked } from './while-locked.ts';

async function temporaryFile(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
  context.after(() => rm(folder, { recursive: true }));
  return join(folder, 'registry.sqlite');
}

/** Another connection of a file, which holds the lock for writing until `release`. */
function lock(file: string) {
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  return { release: () => other.exec('COMMIT'), [Symbol.dispose]: () => other.close() };
}

test('a new file that another process has locked is opened as soon as it can be', async (context) => {
  const file = await temporaryFile(context);
  using locked = lock(file);
  assert.throws(() => openDatabase(file, 0), { code: 'database-locked', retryable: true });
  let attempts = 0;
  const open = () => {
    attempts += 1;
    if (attempts === 3) locked.release();
    return openDatabase(file, 0);
  };
  blockWhileLocked(open, 60_000).close();
  assert.equal(attempts, 3);
});

test('only a lock is waited for', async () => {
  const fails = () => {
    throw new Error('nonsense');
  };
  assert.throws(() => blockWhileLocked(fails, 60_000), /nonsense/);
  await assert.rejects(whileLocked(fails, 60_000), /nonsense/);
  assert.equal(asDatabaseLocked(new Error('nonsense')), undefined);
  // SQLITE_BUSY_RECOVERY
  assert.ok(asDatabaseLocked({ errcode: 261 }) instanceof DatabaseLockedError);
});

test('while another process writes, writes wait for it and reads are answered', async (context) => {
  const databaseFile = await temporaryFile(context);
  await using registry = openRegistry({ databaseFile, lockWaitMs: 60_000 });
  const { app, call } = registry;
  for (const RegistryName of ['kept', 'deleted']) await call('CreateRegistry', { RegistryName });
  await call('DeleteRegistry', { RegistryId: { RegistryName: 'deleted' } });
  using locked = lock(databaseFile);
  let hasEnded = false;
  const write = call('CreateRegistry', { RegistryName: 'late' }).finally(() => {
    hasEnded = true;
  });
  const { status, answer } = await call('ListRegistries', {});
  assert.equal(status, 200);
  assert.deepEqual(
    answer.Registries.map((row: { RegistryName: string }) => row.RegistryName),
    ['kept'],
  );
  for (const url of ['/', '/healthz', '/registries/kept']) {
    assert.equal((await app.inject({ url, headers: { host: 'localhost' } })).statusCode, 200);
  }
  // A second process starts, because the tables need no change.
  openDatabase(databaseFile, 0).close();
  assert.equal(hasEnded, false);
  locked.release();
  assert.equal((await write).status, 200);
});

test('a write that cannot have the lock in time is refused, can be repeated, and has changed nothing', async (context) => {
  const databaseFile = await temporaryFile(context);
  await using registry = openRegistry({ databaseFile, lockWaitMs: 0 });
  const { app, call } = registry;
  const headers = { 'content-type': 'application/json' };
  const payload = JSON.stringify({ fault: 'pending' });
  const url = '/_local/faults';
  const { id } = (await app.inject({ method: 'POST', url, headers, payload })).json();
  await call('CreateRegistry', { RegistryName: 'r' });
  const schema = {
    ...{ RegistryId: { RegistryName: 'r' }, SchemaName: 's', DataFormat: 'AVRO' },
    ...{ Compatibility: 'NONE', SchemaDefinition: orderSchema() },
  };
  assert.equal((await call('CreateSchema', schema)).answer.SchemaVersionStatus, 'PENDING');
  const SchemaId = { RegistryName: 'r', SchemaName: 's' };
  const SchemaVersionNumber = { LatestVersion: false, VersionNumber: 1 };
  const status = async () =>
    (await call('GetSchemaVersion', { SchemaId, SchemaVersionNumber })).answer.Status;
  {
    using _locked = lock(databaseFile);
    const refused = await call('CreateRegistry', { RegistryName: 'late' });
    assert.equal(refused.status, 500);
    assert.equal(refused.answer.__type, 'InternalServiceException');
    assert.match(refused.answer.Message, /^Another process holds the lock.*SQLITE_BUSY.*Try again/);
    const ended = await app.inject({ method: 'DELETE', url: `${url}/${id}` });
    assert.equal(ended.statusCode, 500);
    assert.equal((await app.inject(url)).json().faults.length, 1);
    assert.equal(await status(), 'PENDING');
  }
  assert.equal((await call('CreateRegistry', { RegistryName: 'late' })).status, 200);
  assert.equal((await app.inject({ method: 'DELETE', url: `${url}/${id}` })).statusCode, 204);
  assert.equal(await status(), 'AVAILABLE');
});

test('a definition is read before the lock is asked for, and a known one needs no lock', async (context) => {
  const databaseFile = await temporaryFile(context);
  await using registry = openRegistry({ databaseFile, lockWaitMs: 0 });
  const { call } = registry;
  const schema = { SchemaName: 's', DataFormat: 'AVRO', SchemaDefinition: orderSchema() };
  const { answer: created } = await call('CreateSchema', schema);
  const SchemaId = { RegistryName: 'default-registry', SchemaName: 's' };
  using _locked = lock(databaseFile);
  const register = async (SchemaDefinition: string) =>
    (await call('RegisterSchemaVersion', { SchemaId, SchemaDefinition })).answer;
  assert.equal((await register(orderSchema())).SchemaVersionId, created.SchemaVersionId);
  assert.match((await register('{}')).Message, /^Schema definition of AVRO data format is invalid/);
  assert.match((await register('"int"')).Message, /^Another process holds the lock/);
  const create = async (SchemaName: string, SchemaDefinition: string) =>
    (await call('CreateSchema', { ...schema, SchemaName, SchemaDefinition })).answer;
  assert.equal((await create('s', '{}')).__type, 'AlreadyExistsException');
  assert.match((await create('t', '{}')).Message, /^Schema definition of AVRO data format/);
  assert.match((await create('t', '"int"')).Message, /^Another process holds the lock/);
});

test('the name of a deleted schema is free as soon as the lock is', async (context) => {
  const databaseFile = await temporaryFile(context);
  await using registry = openRegistry({ databaseFile, lockWaitMs: 60_000 });
  const { call } = registry;
  const schema = { SchemaName: 's', DataFormat: 'AVRO', SchemaDefinition: orderSchema() };
  const { answer: created } = await call('CreateSchema', schema);
  const SchemaId = { RegistryName: 'default-registry', SchemaName: 's' };
  await call('DeleteSchema', { SchemaId });
  using locked = lock(databaseFile);
  const again = call('CreateSchema', schema);
  const version = call('RegisterSchemaVersion', { SchemaId, SchemaDefinition: orderSchema() });
  // A read, so both have asked for the lock by now.
  assert.equal((await call('GetSchema', { SchemaId })).answer.SchemaStatus, 'DELETING');
  locked.release();
  assert.equal((await again).status, 200, (await again).answer.Message);
  assert.notEqual((await again).answer.SchemaVersionId, created.SchemaVersionId);
  assert.notEqual((await version).answer.__type, 'ConcurrentModificationException');
});
