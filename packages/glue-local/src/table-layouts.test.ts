import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { GetTagsCommand } from '@aws-sdk/client-glue';
import { startRegistry } from './testing/start-registry.ts';

const deletion = 'deleted_ms INTEGER, gone_ms INTEGER';

/** The tables before tags were kept without region and account. */
const thirdLayout = `
  CREATE TABLE registries (
    name TEXT PRIMARY KEY, description TEXT, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, ${deletion}
  ) STRICT;
  CREATE TABLE schemas (
    registry TEXT NOT NULL REFERENCES registries, name TEXT NOT NULL, data_format TEXT NOT NULL,
    compatibility TEXT NOT NULL, description TEXT, checkpoint INTEGER NOT NULL,
    created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, ${deletion},
    last_number INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (registry, name)
  ) STRICT;
  CREATE TABLE versions (
    id TEXT PRIMARY KEY, registry TEXT NOT NULL, schema TEXT NOT NULL, number INTEGER NOT NULL,
    definition TEXT NOT NULL, fingerprint TEXT NOT NULL, verdict TEXT NOT NULL,
    settled_ms INTEGER NOT NULL, incompatibilities TEXT NOT NULL, created_ms INTEGER NOT NULL,
    ${deletion}, incompatibility_count INTEGER NOT NULL DEFAULT 0,
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
  CREATE INDEX registries_deleted ON registries (gone_ms) WHERE gone_ms IS NOT NULL;
  CREATE INDEX schemas_deleted ON schemas (gone_ms) WHERE gone_ms IS NOT NULL;
  CREATE INDEX versions_deleted ON versions (gone_ms) WHERE gone_ms IS NOT NULL;
  CREATE INDEX versions_accepted ON versions (registry, schema, number, gone_ms, verdict)
    WHERE gone_ms IS NULL AND verdict = 'AVAILABLE';
  PRAGMA user_version = 3;`;

test('a database with tags by ARN keeps those of its registries and schemas, of any region', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
  const databaseFile = join(folder.path, 'registry.sqlite');
  const old = new DatabaseSync(databaseFile);
  old.exec(thirdLayout);
  for (const name of ['customer', 'registry']) {
    old.prepare('INSERT INTO registries VALUES (?, NULL, 1, 1, NULL, NULL)').run(name);
  }
  const [ours, other] = ['arn:aws:glue:us-east-1:000000000000', 'arn:aws-cn:glue:cn-north-1:1'];
  for (const [name, deletedMs] of [
    ['orders', null],
    ['registry', null],
    ['gone', 1],
  ] as const) {
    old
      .prepare(`INSERT INTO schemas VALUES ('registry', ?, 'AVRO', 'NONE', NULL, 1, 1, 1, ?, ?, 0)`)
      .run(name, deletedMs, deletedMs);
  }
  for (const [arn, key, value] of [
    [`${other}:registry/customer`, 'team', 'first'],
    [`${ours}:registry/customer`, 'team', 'second'],
    [`${ours}:schema/registry/orders`, 'team', 'first'],
    [`${ours}:schema/registry/orders`, 'stage', 'test'],
    [`${other}:schema/registry/orders`, 'team', 'second'],
    [`${other}:schema/registry/registry`, 'team', 'other'],
    [`${other}:schema/registry/gone`, 'team', 'deleted'],
    [`${other}:schema/registry/never`, 'team', 'deleted earlier'],
    [`${other}:registry/never`, 'team', 'deleted earlier'],
  ] as const) {
    old.prepare('INSERT INTO tags VALUES (?, ?, ?)').run(arn, key, value);
  }
  old.close();

  await using registry = await startRegistry({ databaseFile });
  const tags = async (resource: string) =>
    (await registry.client.send(new GetTagsCommand({ ResourceArn: `${ours}:${resource}` }))).Tags;
  // Of a key with two values, the one that was written last.
  assert.deepEqual(await tags('registry/customer'), { team: 'second' });
  assert.deepEqual(await tags('schema/registry/orders'), { team: 'second', stage: 'test' });
  assert.deepEqual(await tags('schema/registry/registry'), { team: 'other' });
  assert.deepEqual(await tags('registry/registry'), {});
  const opened = new DatabaseSync(databaseFile, { readOnly: true });
  const kept = opened.prepare('SELECT DISTINCT resource FROM tags ORDER BY resource').all();
  opened.close();
  assert.deepEqual(
    kept.map(({ resource }) => resource),
    ['registry/customer', 'schema/registry/orders', 'schema/registry/registry'],
  );
});
