import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openRegistry } from './testing/open-registry.ts';

/** Sends requests 0 to `count - 1`, then one more; returns the error type of the last, undefined when it succeeds. */
async function fill(
  registry: ReturnType<typeof openRegistry>,
  action: string,
  count: number,
  request: (index: number) => object,
): Promise<string | undefined> {
  for (let index = 0; index < count; index += 1) {
    const { status, answer } = await registry.call(action, request(index));
    assert.equal(status, 200, answer.Message);
  }
  return (await registry.call(action, request(count))).answer.__type;
}

const SchemaId = { RegistryName: 'default-registry', SchemaName: 's' };
const SchemaVersionNumber = { VersionNumber: 1 };

/** The quotas that AWS documents for one account and region. */
const cases = [
  ['CreateRegistry', 100 - 1, (index: number) => ({ RegistryName: `r${index}` })],
  [
    'PutSchemaVersionMetadata',
    10,
    (index: number) => ({
      ...{ SchemaId, SchemaVersionNumber },
      MetadataKeyValue: { MetadataKey: 'k', MetadataValue: `${index}` },
    }),
  ],
] as const;

for (const noLimits of [false, true]) {
  test(`quotas are ${noLimits ? 'lifted by noLimits' : 'those of AWS'}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
    try {
      const databaseFile = join(folder, 'registry.sqlite');
      await using registry = openRegistry({ noLimits, databaseFile });
      const { status } = await registry.call('CreateSchema', {
        ...{ SchemaName: 's', DataFormat: 'JSON', Compatibility: 'NONE' },
        SchemaDefinition: '{}',
      });
      assert.equal(status, 200);
      const expected = noLimits ? undefined : 'ResourceNumberLimitExceededException';
      for (const [action, count, request] of cases) {
        assert.equal(await fill(registry, action, count, request), expected, action);
      }
      addVersions(databaseFile, 10_000 - 2);
      const add = (index: number) => ({ SchemaId, SchemaDefinition: `{"const":${index}}` });
      assert.equal(await fill(registry, 'RegisterSchemaVersion', 1, add), expected);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

test('at the quota of versions, a definition that is registered already is still its version', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
  try {
    const databaseFile = join(folder, 'registry.sqlite');
    await using registry = openRegistry({ databaseFile });
    const schema = { SchemaName: 's', DataFormat: 'JSON', Compatibility: 'NONE' };
    await registry.call('CreateSchema', { ...schema, SchemaDefinition: '{}' });
    addVersions(databaseFile, 10_000);
    const register = async (SchemaDefinition: string) =>
      (await registry.call('RegisterSchemaVersion', { SchemaId, SchemaDefinition })).answer;
    assert.equal((await register('{"const":1}')).__type, 'ResourceNumberLimitExceededException');
    assert.equal((await register('{ }')).VersionNumber, 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the default registry is not created beyond the quota of registries', async () => {
  await using registry = openRegistry();
  for (let index = 0; index < 100; index += 1)
    await registry.call('CreateRegistry', { RegistryName: `r${index}` });
  const schema = { SchemaName: 's', DataFormat: 'JSON' };
  const refused = await registry.call('CreateSchema', schema);
  assert.equal(refused.answer.__type, 'ResourceNumberLimitExceededException');
  const { answer } = await registry.call('ListSchemas', {});
  assert.deepEqual(answer.Schemas, []);
  await registry.call('DeleteRegistry', { RegistryId: { RegistryName: 'r7' } });
  assert.equal((await registry.call('CreateSchema', schema)).status, 200);
});

/** Copies of the first version, under another schema: as requests they would take seconds. */
function addVersions(databaseFile: string, count: number): void {
  const database = new DatabaseSync(databaseFile);
  database.exec(`
    INSERT INTO schemas (registry, name, data_format, compatibility, checkpoint, created_ms, updated_ms, last_number)
      SELECT registry, 'copies', data_format, compatibility, checkpoint, created_ms, updated_ms, ${count}
      FROM schemas WHERE name = 's';
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
    INSERT INTO versions (id, registry, schema, number, definition, fingerprint, verdict, settled_ms, incompatibilities,
      created_ms) SELECT id || n, registry, 'copies', n, definition, n, verdict, settled_ms, incompatibilities, created_ms
      FROM versions, numbers;
  `);
  database.close();
}
