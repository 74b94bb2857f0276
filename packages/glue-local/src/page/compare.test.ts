import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { browse } from '../testing/browse.ts';
import { openRegistry } from '../testing/open-registry.ts';

const RegistryId = { RegistryName: 'r' };
const SchemaId = { ...RegistryId, SchemaName: 's' };
const base = '/registries/r/schemas/s';

async function addVersions(
  registry: ReturnType<typeof openRegistry>,
  DataFormat: string,
  [first, ...others]: readonly string[],
) {
  await registry.call('CreateRegistry', RegistryId);
  const schema = { RegistryId, SchemaName: 's', DataFormat, Compatibility: 'NONE' };
  await registry.call('CreateSchema', { ...schema, SchemaDefinition: first });
  for (const SchemaDefinition of others) {
    const { answer } = await registry.call('RegisterSchemaVersion', { SchemaId, SchemaDefinition });
    assert.equal(answer.Status, 'AVAILABLE', answer.Message);
  }
}

test('a stored definition that cannot be compared is named, and lines are compared all the same', async () => {
  for (const [format, valid, stored] of [
    ['JSON', '{"type":"object"}', '{"$ref":"#/definitions/missing"}'],
    ['JSON', '{"type":"object"}', '{"type":"objects"}'],
    ['JSON', '{"type":"object"}', '{"type":'],
    ['AVRO', '"string"', '{"type":"record","name":"R"}'],
    ['PROTOBUF', 'message M {}', 'syntax = "proto3"; message N { Missing m = 1; }'],
  ] as const) {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
    const databaseFile = join(folder.path, 'registry.sqlite');
    {
      await using registry = openRegistry({ databaseFile });
      await addVersions(registry, format, [
        valid,
        valid.replace('}', ' }').replace('"string"', '"int"'),
      ]);
      await registry.call('UpdateSchema', {
        ...{ SchemaId, Compatibility: 'FULL', SchemaVersionNumber: { VersionNumber: 1 } },
      });
    }
    // As a version of this program stored it that accepted the definition, once as AVAILABLE and once as FAILURE.
    const database = new DatabaseSync(databaseFile);
    const reason = { type: 'TYPE_NARROWED', direction: 'BACKWARD', message: 'm' };
    const reasons = [{ ...reason, newLocation: '/a', previousLocation: '/b', previousVersion: 1 }];
    database.exec('DELETE FROM versions WHERE number > 1');
    database.prepare('UPDATE versions SET definition = ?, fingerprint = 1').run(stored);
    database
      .prepare(
        `INSERT INTO versions (id, registry, schema, number, definition, fingerprint, verdict, settled_ms, incompatibilities,
         created_ms) VALUES ('2', 'r', 's', 2, ?, 2, 'FAILURE', 0, ?, 1), ('3', 'r', 's', 3, ?, 3, 'AVAILABLE', 0, '[]', 1)`,
      )
      .run(stored, JSON.stringify(reasons), valid);
    database.exec('UPDATE schemas SET last_number = 3');
    database.close();
    await using registry = openRegistry({ databaseFile });
    for (const [from, to] of [
      [1, 3],
      [3, 1],
    ]) {
      const { status, text } = await browse(registry, `${base}/compare?from=${from}&to=${to}`);
      assert.equal(status, 200, stored);
      assert.match(text, /The versions cannot be compared with each other/, stored);
      const modes = [...text.matchAll(/class="badge (?:yes|note)">([A-Z_]+)</g)];
      assert.deepEqual(
        modes.map(([, mode]) => mode),
        ['NONE'],
      );
      assert.match(text, /class="row removed"/, stored);
      assert.match(text, /class="row added"/, stored);
    }
    for (const path of [base, `${base}/versions/1`, `${base}/versions/2`, `${base}/check`]) {
      const { status } = await browse(registry, path);
      assert.equal(status, 200, `${path} ${stored}`);
    }
  }
});

test('the first 500 reasons, warnings and changes are shown, and the others counted', async () => {
  await using registry = openRegistry();
  const record = (type: unknown) =>
    JSON.stringify({
      ...{ type: 'record', name: 'R' },
      fields: Array.from({ length: 600 }, (_, index) => ({ name: `f${index}`, type })),
    });
  const decimal = (scale: number) => ({
    type: 'bytes',
    logicalType: 'decimal',
    precision: 9,
    scale,
  });
  await addVersions(registry, 'AVRO', [record(decimal(2)), record(decimal(4)), record('int')]);
  const shown = async (query: string) => {
    const { text } = await browse(registry, `${base}/compare?${query}`);
    return {
      more: [...text.matchAll(/<p>([^<]*\d+) more (\w+) are not shown/g)].map(
        ([, ...words]) => words,
      ),
      items: [...text.matchAll(/<ul class="plain">(.*?)<\/ul>/gs)].map(
        ([, list = '']) => list.split('<li>').length - 1,
      ),
    };
  };
  const warned = await shown('from=1&to=2');
  assert.deepEqual(warned.more, [
    ['100', 'warnings'],
    ['100', 'changes'],
  ]);
  assert.deepEqual(warned.items, [500, 500]);
  // 600 in each direction.
  const refused = await shown('from=1&to=3');
  assert.deepEqual(refused.more[0], ['700', 'reasons']);
  assert.equal(refused.items[0], 500);
});

test('reasons are counted as "at least" where the comparison ended at a limit of a direction or of all texts', async () => {
  const record = (count: number, type: string, rest = {}) => ({
    ...{ type: 'record', name: 'R' },
    fields: Array.from({ length: count }, (_, index) => ({ name: `f${index}`, type, ...rest })),
  });
  /** Each level adds 15 characters to the places of the reasons. */
  const inside = (levels: number, leaf: object): object =>
    levels === 0
      ? leaf
      : {
          ...{ type: 'record', name: `R${levels}` },
          fields: [{ name: 'n', type: inside(levels - 1, leaf) }],
        };
  for (const [was, is, expected] of [
    [record(999, 'int'), record(999, 'string'), ['1498 more reasons are not shown.']],
    [record(1000, 'int'), record(1000, 'string'), ['At least 1500 more reasons are not shown.']],
    [record(0, 'int'), record(1200, 'int'), ['At least 500 more reasons are not shown.']],
    [record(0, 'int'), record(1200, 'int', { default: 0 }), []],
    [record(9, 'int'), record(9, 'string'), []],
    [
      inside(90, record(600, 'int')),
      inside(90, record(600, 'string')),
      ['There can be more reasons: the comparison ended at a limit.'],
    ],
  ] as const) {
    await using registry = openRegistry();
    await addVersions(registry, 'AVRO', [JSON.stringify(was), JSON.stringify(is)]);
    const { text } = await browse(registry, `${base}/compare?from=1&to=2`);
    const found = [...text.matchAll(/<p>([^<]* more reasons[^<]*)</g)].map(([, note]) => note);
    assert.deepEqual(found, expected);
  }
});

test('the pages of two versions whose changes are below a long name are not longer than a few megabytes', async () => {
  const key = 'k'.repeat(80_000);
  const members = (value: number) =>
    Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`a${index}`, value]));
  const decimal = (scale: number) => ({
    type: 'bytes',
    logicalType: 'decimal',
    precision: 9,
    scale,
  });
  const record = (type: unknown) => ({
    ...{ type: 'record', name: 'R' },
    fields: Array.from({ length: 600 }, (_, index) => ({ name: `f${index}`, type })),
  });
  const below = (type: unknown) => ({
    ...{ type: 'record', name: 'Outer' },
    fields: [{ name: key, type: record(type) }],
  });
  for (const [format, was, is] of [
    ['JSON', { [key]: members(1) }, { [key]: members(2) }],
    ['AVRO', below(decimal(2)), below(decimal(4))],
    ['AVRO', below('int'), below('string')],
  ] as const) {
    await using registry = openRegistry();
    await addVersions(registry, format, [JSON.stringify(was), JSON.stringify(is)]);
    const { status, text } = await browse(registry, `${base}/compare?from=1&to=2`);
    assert.equal(status, 200);
    assert.ok(text.length < 4_000_000, `${text.length} characters`);
    assert.match(text, /<code>\/?(fields\/)?k+ … 7\d{4} characters … /);
  }
});
