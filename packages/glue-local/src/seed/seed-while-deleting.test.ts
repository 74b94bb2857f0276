import assert from 'node:assert/strict';
import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openRegistry } from '../testing/open-registry.ts';
import { isPrimeOrFalse, orderSchema } from '../testing/start-registry.ts';

const RegistryId = { RegistryName: 'customer' };
const SchemaId = { ...RegistryId, SchemaName: 'orders-value' };

test('a seed is refused while the database still has its schema or its registry as DELETING, and registered again after that', async () => {
  for (const [action, request] of [
    ['DeleteSchema', { SchemaId }],
    ['DeleteRegistry', { RegistryId }],
  ] as const) {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
    const seedFolder = join(folder.path, 'seed');
    mkdirSync(join(seedFolder, 'customer'), { recursive: true });
    writeFileSync(join(seedFolder, 'customer/orders-value.v1.avsc'), orderSchema());
    const second = orderSchema(isPrimeOrFalse);
    writeFileSync(join(seedFolder, 'customer/orders-value.v2.avsc'), second);
    let nowMs = 1_700_000_000_000;
    const options = {
      ...{ seedFolder, databaseFile: join(folder.path, 'registry.sqlite') },
      ...{ deletingMs: 1000, now: () => nowMs },
    };
    {
      await using registry = openRegistry(options);
      assert.equal((await registry.call(action, request)).answer.Status, 'DELETING');
    }
    assert.throws(() => openRegistry(options), {
      code: 'seed-invalid',
      message: /customer\/orders-value.*: is being deleted$/,
    });
    nowMs += 1000;
    await using registry = openRegistry(options);
    const { answer } = await registry.call('GetSchema', { SchemaId });
    assert.equal(answer.LatestSchemaVersion, 2, action);
  }
});
