import assert from 'node:assert/strict';
import type { SQLInputValue } from 'node:sqlite';
import { test } from 'node:test';
import { type CompatibilityMode, compatibilityModes } from '@order-stream/serde/compatibility';
import { createArns } from './arn.ts';
import { findReasons } from './compatibility-reasons.ts';
import { openDatabase } from './database.ts';
import { firstReasons } from './kept-reasons.ts';
import { noQuotas } from './quotas.ts';
import { registerVersion } from './register-version.ts';
import { createRegistryState } from './registry-state.ts';
import type { SchemaRow } from './schema-table.ts';
import { orderSchema } from './testing/start-registry.ts';
import type { VersionRow } from './version-table.ts';

/** A registry with a schema of one version for each definition, which logs to `logged` and counts the texts that it reads. */
function openSchema(mode: CompatibilityMode, definitions: readonly string[]) {
  const texts = { read: 0, together: 0 };
  const database = openDatabase(':memory:');
  const logged: { incompatibilityCount?: number; incompatibilities?: unknown[] }[] = [];
  const log = { info: () => {}, warn: (fields: object) => logged.push(fields) };
  const state = createRegistryState({
    database: { ...database, prepare: (sql) => counted(database.prepare(sql), texts) },
    arns: createArns({ region: 'us-east-1', accountId: '000000000000' }),
    ...{ pendingMs: 0, deletingMs: 0, quotas: noQuotas, now: () => 1 },
    log: { ...log, write: () => {}, discard: () => {} },
  });
  const times = { created_ms: 1, updated_ms: 1 };
  state.registries.insert({ name: 'r', description: null, ...times });
  const key = { registry: 'r', name: 's' };
  state.schemas.insert({
    ...{ ...key, ...times, data_format: 'AVRO', compatibility: mode, description: null },
    ...{ checkpoint: 1, last_number: definitions.length },
  });
  for (const [index, definition] of definitions.entries()) {
    const version: VersionRow = {
      ...{ id: `v${index + 1}`, registry: 'r', schema: 's', number: index + 1, definition },
      ...{ fingerprint: String(index), verdict: 'AVAILABLE', settled_ms: 0, created_ms: 1 },
      incompatibility_count: 0,
    };
    state.versions.insert(version, '[]');
  }
  const schema = state.schemas.find(key) as SchemaRow;
  return { state, schema, texts, logged, [Symbol.dispose]: () => database.close() };
}

type Statement = ReturnType<ReturnType<typeof openDatabase>['prepare']>;

/** Counts the rows with a text that a statement returns: all of them, and those that are in memory at once. */
function counted(statement: Statement, texts: { read: number; together: number }): Statement {
  const count = (rows: readonly unknown[]) => {
    const found = rows.filter((row) => Object.hasOwn(Object(row), 'definition')).length;
    texts.read += found;
    texts.together = Math.max(texts.together, found);
  };
  const { get, all, iterate } = statement as unknown as {
    get: (...parameters: SQLInputValue[]) => unknown;
    all: (...parameters: SQLInputValue[]) => unknown[];
    iterate: (...parameters: SQLInputValue[]) => Iterable<unknown>;
  };
  return Object.assign(statement as object, {
    get: (...parameters: SQLInputValue[]) => {
      const row = get.apply(statement, parameters);
      count([row]);
      return row;
    },
    all: (...parameters: SQLInputValue[]) => {
      const rows = all.apply(statement, parameters);
      count(rows);
      return rows;
    },
    *iterate(...parameters: SQLInputValue[]) {
      for (const row of iterate.apply(statement, parameters)) {
        count([row]);
        yield row;
      }
    },
  }) as Statement;
}

const fields = (count: number, type: string) =>
  orderSchema(...Array.from({ length: count }, (_, index) => ({ name: `f${index}`, type })));

for (const mode of compatibilityModes) {
  const expected = mode === 'NONE' ? 0 : mode.endsWith('_ALL') ? 300 : 1;
  test(`under ${mode} a registration reads ${expected} texts of 300 versions`, () => {
    // Each of 5000 characters, so that the comparison takes several batches.
    const definitions = Array.from({ length: 300 }, (_, index) =>
      orderSchema({ name: 'f0', type: 'long', doc: `${index}${'-'.repeat(5000)}` }),
    );
    using registry = openSchema(mode, definitions);
    const { state, schema, texts } = registry;
    const { kept } = findReasons(state, schema, fields(1, 'string'));
    assert.equal(texts.read, expected);
    assert.ok(texts.together <= 1);
    // Each reason names its version, and its place among the accepted ones.
    const versions = new Set(
      kept.map(({ previous, previousVersion }) => [previous, previousVersion].join()),
    );
    const last =
      expected === 1 ? ['299,300'] : definitions.map((_, index) => `${index},${index + 1}`);
    assert.deepEqual([...versions], expected === 0 ? [] : last);
  });
}

test('the first 1000 reasons against a version are kept, with their number, and the log has ten', () => {
  const definitions = Array.from({ length: 8 }, (_, index) =>
    orderSchema(
      { name: 'note', type: 'string', doc: String(index) },
      ...JSON.parse(fields(300, 'int')).fields.slice(1),
    ),
  );
  using registry = openSchema('FULL_ALL', definitions);
  const { state, schema, logged } = registry;
  const call = { holdsVersion: () => false };
  const version = registerVersion(state, schema, fields(300, 'string'), 's', call);
  const { kept, total } = state.versions.findReasons(version.id);
  // In each version 300 types that neither can read, and a field without a default that only one has.
  assert.deepEqual([kept.length, total], [1000, 8 * (2 * 300 + 1)]);
  assert.equal(logged[0]?.incompatibilityCount, total);
  assert.deepEqual(logged[0]?.incompatibilities, kept.slice(0, 10));
});

test('reasons with long places are kept up to their characters, and at least one', () => {
  // The types of two cycles make 97 × 89 pairs, each inside the one before it.
  const cycle = (length: number, index = 0): object | string =>
    index === length
      ? 'R0'
      : {
          ...{ type: 'record', name: `R${index}` },
          fields: [{ name: 'next', type: cycle(length, index + 1) }],
        };
  using registry = openSchema('FULL', [JSON.stringify(cycle(97))]);
  const { state, schema, logged } = registry;
  const call = { holdsVersion: () => false };
  const version = registerVersion(state, schema, JSON.stringify(cycle(89)), 's', call);
  const { kept, total } = state.versions.findReasons(version.id);
  assert.ok(kept.length > 10 && kept.length < total, `${kept.length} of ${total}`);
  assert.ok(JSON.stringify(kept).length < 510_000);
  assert.ok(JSON.stringify(logged).length < 12_000);
  assert.equal(firstReasons(kept, { count: 10, characters: 1 }).length, 1);
  assert.equal(firstReasons([], { count: 10, characters: 1 }).length, 0);
});

test('reasons are read with no version, and texts with no list', () => {
  using registry = openSchema('FULL', [fields(9, 'int')]);
  const { state, schema } = registry;
  const call = { holdsVersion: () => false };
  const { id, fingerprint } = registerVersion(state, schema, fields(9, 'string'), 's', call);
  const { versions } = state;
  const listed = [
    ...versions.list(schema, 9, 0),
    ...versions.listBefore(schema, 9, 9),
    versions.findNewest(schema),
  ];
  const found = [
    versions.findById(id),
    versions.findByNumber(schema, 2),
    versions.findByFingerprint(schema, fingerprint),
    versions.findLatest(schema, 1),
  ];
  const has = (row: unknown, column: string) => Object.hasOwn(Object(row), column);
  assert.equal(listed.length, 5);
  for (const row of [...listed, ...found]) {
    assert.ok(has(row, 'number') && !has(row, 'incompatibilities'));
    assert.equal(has(row, 'definition'), found.includes(row as VersionRow));
  }
  assert.equal(versions.findReasons(id).total, 18);
  assert.deepEqual(versions.findReasons('v1'), { kept: [], total: 0 });
});
