import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempDisposableSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openDatabase } from './database.ts';
import { StorageFullError } from './storage-full.ts';
import { versionNumbers } from './testing/lists.ts';
import { orderSchema, register, startRegistry } from './testing/start-registry.ts';

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

test('a database of the first layout keeps its versions, and numbers go on after the highest', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
  try {
    const file = join(folder, 'registry.sqlite');
    const old = new DatabaseSync(file);
    old.exec(`
      CREATE TABLE registries (
        name TEXT PRIMARY KEY, description TEXT, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE schemas (
        registry TEXT NOT NULL REFERENCES registries, name TEXT NOT NULL, data_format TEXT NOT NULL,
        compatibility TEXT NOT NULL, description TEXT, checkpoint INTEGER NOT NULL,
        created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, PRIMARY KEY (registry, name)
      ) STRICT;
      CREATE TABLE versions (
        id TEXT PRIMARY KEY, registry TEXT NOT NULL, schema TEXT NOT NULL, number INTEGER NOT NULL,
        definition TEXT NOT NULL, fingerprint TEXT NOT NULL, verdict TEXT NOT NULL,
        settled_ms INTEGER NOT NULL, incompatibilities TEXT NOT NULL, created_ms INTEGER NOT NULL,
        UNIQUE (registry, schema, number), UNIQUE (registry, schema, fingerprint),
        FOREIGN KEY (registry, schema) REFERENCES schemas
      ) STRICT;
      CREATE TABLE metadata (
        version_id TEXT NOT NULL REFERENCES versions, key TEXT NOT NULL, value TEXT NOT NULL,
        created_ms INTEGER NOT NULL, UNIQUE (version_id, key, value)
      ) STRICT;
      CREATE TABLE tags (
        arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)
      ) STRICT;
      INSERT INTO registries VALUES ('customer', NULL, 1, 1);
      INSERT INTO schemas VALUES ('customer', 'orders-value', 'AVRO', 'NONE', NULL, 1, 1, 1);
      INSERT INTO versions VALUES ('v1', 'customer', 'orders-value', 1, '"int"', 'a', 'AVAILABLE', 0, '[]', 1);
      INSERT INTO versions VALUES ('v5', 'customer', 'orders-value', 5, '"long"', 'b', 'AVAILABLE', 0, '[]', 1);
      PRAGMA user_version = 1;
    `);
    const reasons = Array.from({ length: 1200 }, () => ({ type: 'NAME_MISMATCH' }));
    old
      .prepare(
        `INSERT INTO versions VALUES ('v4', 'customer', 'orders-value', 4, '"string"', 'c', 'FAILURE', 0, ?, 1)`,
      )
      .run(JSON.stringify(reasons));
    old.close();
    await using registry = await startRegistry({ databaseFile: file });
    assert.deepEqual(await versionNumbers(registry.client), [5, 4, 1]);
    const failed = await fetch(`${registry.endpoint}/_local/schema-versions/v4/reasons`);
    const { incompatibilities, ...counts } = (await failed.json()) as Record<string, unknown[]>;
    assert.equal(incompatibilities?.length, 1000);
    assert.deepEqual(counts, {
      ...{ schemaVersionId: 'v4', status: 'FAILURE', incompatibilityCount: 1200, notKept: 200 },
    });
    assert.equal((await register(registry.client, orderSchema())).VersionNumber, 6);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a database of a later layout is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
  try {
    const file = join(folder, 'registry.sqlite');
    const later = new DatabaseSync(file);
    later.exec('PRAGMA user_version = 99');
    later.close();
    assert.throws(() => openDatabase(file), /expected table layout \d or older, found 99/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the database of another program is refused, and stays as it is', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
  const file = join(folder.path, 'app.sqlite');
  const ours = 'registries, schemas, metadata, tags'.split(', ');
  for (const [sql, layout] of [
    ['CREATE TABLE orders (id TEXT)', 0],
    ['CREATE VIEW one AS SELECT 1', 0],
    ['CREATE TABLE sqlitedata (id TEXT)', 0],
    // Other programs count the versions of their tables too.
    ['CREATE TABLE orders (id TEXT)', 1],
    [ours.map((name) => `CREATE TABLE ${name} (id TEXT)`).join('; '), 3],
    ['SELECT 1', 3],
  ] as const) {
    const foreign = new DatabaseSync(file);
    foreign.exec(`${sql}; PRAGMA user_version = ${layout}; PRAGMA user_version`);
    foreign.close();
    const bytes = readFileSync(file);
    const message = `${file}: expected an empty database or one of glue-local, found the database of another program; use another file`;
    assert.throws(() => openDatabase(file), { message }, sql);
    assert.ok(readFileSync(file).equals(bytes), sql);
    rmSync(file);
  }
});

test('an empty database is filled, also when its tables were dropped', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
  const file = join(folder.path, 'empty.sqlite');
  writeFileSync(file, '');
  openDatabase(file).close();
  rmSync(file);
  const dropped = new DatabaseSync(file);
  dropped.exec('CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE t');
  dropped.close();
  const database = openDatabase(file);
  assert.equal(database.prepare('SELECT count(*) AS total FROM versions').get()?.total, 0);
  database.close();
});

test('a file that is not a database, or that cannot be one, is named with the reason', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
  const at = (name: string) => join(folder.path, name);
  writeFileSync(at('orders.csv'), 'order_id,amount\n'.repeat(100));
  writeFileSync(at('damaged.sqlite'), `SQLite format 3\0${'x'.repeat(5000)}`);
  mkdirSync(at('folder'));
  const empty = openDatabase(at('cut.sqlite'));
  empty.close();
  truncateSync(at('cut.sqlite'), 4096);
  for (const [name, reason] of [
    ['orders.csv', 'expected an SQLite database'],
    ['damaged.sqlite', 'expected an SQLite database'],
    ['cut.sqlite', 'database disk image is malformed'],
    ['folder', 'expected a file, found a folder'],
    ['nowhere/registry.sqlite', 'its folder does not exist'],
    ['orders.csv/registry.sqlite', 'its folder does not exist'],
  ] as const) {
    const message = `cannot open the database ${at(name)}: ${reason}`;
    assert.throws(() => openDatabase(at(name)), { message }, name);
  }
});
