import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { glueSettings, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { createGlueRegistry, type GlueRegistryOptions } from '@order-stream/serde/glue';

const definition = '{"type":"record","name":"Order","fields":[]}';
const schemaName = 'orders-value';

/** A registry that has one schema, its faults, and a client that knows nothing yet. */
async function start(context: TestContext, options: Partial<GlueRegistryOptions> = {}) {
  const registry = await startGlueLocal();
  const clients: { close(): void }[] = [];
  context.after(async () => {
    for (const client of clients) client.close();
    await registry.close();
  });
  function clientOf(more: Partial<GlueRegistryOptions> = {}) {
    const client = createGlueRegistry({ ...glueSettings(registry), ...more });
    clients.push(client);
    return client;
  }
  const writer = clientOf({ autoRegistration: true });
  const { schemaVersionId } = await writer.schemaByDefinition(schemaName, 'AVRO', definition);
  return { registry, id: schemaVersionId, client: clientOf(options), clientOf };
}

for (const fault of ['throttling', 'internal-error', 'connection-reset'] as const) {
  test(`${fault} of the registry is retried, then reported as retryable`, async (context) => {
    const { registry, id, client, clientOf } = await start(context);
    const once = await registry.fail({ fault, actions: ['GetSchemaVersion'], count: 1 });
    assert.equal((await client.schemaById(id)).name, schemaName);
    assert.equal(await once.applied(), 1);
    const broken = await registry.fail({ fault, actions: ['GetSchemaVersion'] });
    const other = clientOf();
    const unavailable = { code: 'registry-unavailable', retryable: true };
    await assert.rejects(other.schemaById(id), unavailable);
    assert.equal(await broken.applied(), 3);
    assert.equal(
      (await client.schemaById(id)).name,
      schemaName,
      'a known schema needs no registry',
    );
    await broken.end();
    assert.equal((await other.schemaById(id)).name, schemaName);
  });
}

test('a registry that answers too late is unavailable after the request timeout', async (context) => {
  const { registry, id, client } = await start(context, { requestTimeoutMs: 50 });
  await registry.fail({ fault: 'latency', latencyMs: 3_600_000 });
  await assert.rejects(client.schemaById(id), { code: 'registry-unavailable', retryable: true });
});

test('missing permissions are not retried, and reported as an access error', async (context) => {
  const { registry, id, client } = await start(context);
  const denied = await registry.fail({ fault: 'access-denied', accessKeyId: 'local' });
  await assert.rejects(client.schemaById(id), { code: 'registry-access' });
  assert.equal(await denied.applied(), 1);
});

test('a schema whose creation was answered by a broken connection is found by the next attempt', async (context) => {
  const { registry, clientOf } = await start(context);
  const actions = ['CreateSchema'] as const;
  const lost = await registry.fail({ fault: 'connection-reset', actions, when: 'after', count: 1 });
  const client = clientOf({ autoRegistration: true });
  const { versionNumber } = await client.schemaByDefinition('payments-value', 'AVRO', definition);
  assert.deepEqual([versionNumber, await lost.applied()], [1, 1]);
});

test('a version that stays PENDING is a retryable error after the timeout, and is used once it is AVAILABLE', async (context) => {
  const { registry, clientOf } = await start(context);
  const pending = await registry.fail({ fault: 'pending' });
  const client = clientOf({ autoRegistration: true, pendingTimeoutMs: 250 });
  const name = `pending-${randomUUID()}`;
  const prepare = () => client.schemaByDefinition(name, 'AVRO', definition);
  await assert.rejects(prepare(), { code: 'schema-pending', retryable: true, schemaName: name });
  await pending.end();
  assert.equal((await prepare()).name, name);
});
