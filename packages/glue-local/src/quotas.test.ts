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

/** Copies of the first version, under another schema: as requests they would take seconds. */
function addVersions(databaseFile: string, count: number): void {
  const database = new DatabaseSync(databaseFile);
  database.exec(`
    INSERT INTO schemas SELECT registry, 'copies', data_format, compatibility, description, checkpoint,
      created_ms, updated_ms, NULL, NULL, ${count} FROM schemas WHERE name = 's';
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
    INSERT INTO versions SELECT id || n, registry, 'copies', n, definition, n, verdict, settled_ms,
      incompatibilities, created_ms, NULL, NULL, incompatibility_count FROM versions, numbers;
  `);
  database.close();
}
