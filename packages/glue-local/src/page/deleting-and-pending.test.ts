import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browse } from '../testing/browse.ts';
import { openRegistry } from '../testing/open-registry.ts';
import { isPrime, isPrimeOrFalse, orderSchema } from '../testing/start-registry.ts';

const RegistryId = { RegistryName: 'customer' };
const SchemaId = { ...RegistryId, SchemaName: 'orders-value' };
const base = '/registries/customer/schemas/orders-value';

/** A registry with a schema of three versions, the second incompatible. */
async function openOrders(options: { pendingMs?: number; deletingMs?: number; now: () => number }) {
  const registry = openRegistry(options);
  await registry.call('CreateRegistry', RegistryId);
  const schema = { ...SchemaId, RegistryId, DataFormat: 'AVRO', Compatibility: 'BACKWARD' };
  await registry.call('CreateSchema', { ...schema, SchemaDefinition: orderSchema() });
  const ids: string[] = [];
  for (const field of [isPrime, isPrimeOrFalse]) {
    const SchemaDefinition = orderSchema(field);
    const { answer } = await registry.call('RegisterSchemaVersion', { SchemaId, SchemaDefinition });
    ids.push(answer.SchemaVersionId);
  }
  const reasonsOf = async (id: string | undefined) =>
    (await registry.app.inject(`/_local/schema-versions/${id}/reasons`)).json();
  return { ...registry, incompatibleId: ids[0], reasonsOf };
}

/** The statuses of the rows of a list. */
const badges = (text: string) =>
  [...text.matchAll(/<span class="badge ([A-Z]+)">/g)].map(([, status]) => status);

test('while a schema and its registry are DELETING, their pages and lists show what they still have', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = await openOrders({ deletingMs: 3000, now: () => nowMs });
  await registry.call('DeleteSchema', { SchemaId });
  const schema = await browse(registry, base);
  const numbers = [...schema.text.matchAll(/versions\/(\d)">Version/g)].map(([, number]) => number);
  assert.deepEqual(numbers, ['3', '2', '1']);
  assert.deepEqual(badges(schema.text), Array(4).fill('DELETING'));
  assert.doesNotMatch(schema.text, /no version yet/);
  const list = await browse(registry, '/registries/customer');
  assert.match(list.text, />orders-value<\/a>\s*<span class="badge DELETING">/);
  assert.match(list.text, /data-label="Versions">3</);
  await registry.call('DeleteRegistry', { RegistryId });
  const start = await browse(registry, '/');
  assert.match(start.text, />customer<\/a>\s*<span class="badge DELETING">/);
  assert.match((await browse(registry, '/schemas?search=orders')).text, />orders-value<\/a>/);
  nowMs += 3000;
  assert.match((await browse(registry, '/')).text, /There is no registry yet/);
  assert.equal((await browse(registry, base)).status, 404);
});

test('no page and no route tells the verdict on a PENDING version', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = await openOrders({ pendingMs: 3000, now: () => nowMs });
  const list = () => browse(registry, '/registries/customer');
  assert.doesNotMatch((await list()).text, /failed/);
  const { answer } = await registry.call('GetSchemaVersion', {
    SchemaVersionId: registry.incompatibleId,
  });
  assert.equal(answer.Status, 'PENDING');
  assert.deepEqual(await registry.reasonsOf(registry.incompatibleId), {
    ...{ schemaVersionId: registry.incompatibleId, status: 'PENDING' },
    ...{ incompatibilityCount: 0, notKept: 0, incompatibilities: [] },
  });
  const { text } = await browse(registry, `${base}/versions/2`);
  assert.deepEqual(badges(text), ['PENDING']);
  assert.doesNotMatch(text, /Why it failed/);
  nowMs += 3000;
  assert.match((await list()).text, /1 failed/);
  const { status, incompatibilities } = await registry.reasonsOf(registry.incompatibleId);
  assert.deepEqual([status, incompatibilities.length], ['FAILURE', 1]);
});

test('the reasons of a deleted version are gone with it', async () => {
  await using registry = await openOrders({ now: () => 1_700_000_000_000 });
  assert.equal((await registry.reasonsOf(registry.incompatibleId)).status, 'FAILURE');
  await registry.call('DeleteSchemaVersions', { SchemaId, Versions: '2' });
  const { __type } = await registry.reasonsOf(registry.incompatibleId);
  assert.equal(__type, 'UnknownOperationException');
});
