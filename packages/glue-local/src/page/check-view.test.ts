import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compatibilityModes } from '@order-stream/serde/compatibility';
import type { GlueLocalOptions } from '../glue-local.ts';
import { openRegistry } from '../testing/open-registry.ts';
import { isPrime, isPrimeOrFalse, orderSchema } from '../testing/start-registry.ts';

const RegistryId = { RegistryName: 'customer' };
const SchemaId = { ...RegistryId, SchemaName: 'orders-value' };
type Registry = ReturnType<typeof openRegistry>;

/** What the form says: its heading, and the type and message of an error. */
async function check({ app }: Registry, definition: string, mode = '') {
  const response = await app.inject({
    ...{ method: 'POST', url: '/registries/customer/schemas/orders-value/check' },
    headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ definition, mode }).toString(),
  });
  assert.equal(response.statusCode, 200);
  const answer = response.body.replaceAll(/&#(\d+);/g, (_, code) =>
    String.fromCharCode(Number(code)),
  );
  const [, heading, badge] = /<h2>([^<]*) <span class="badge (\w+)">/.exec(answer) ?? [];
  const [, version] = /is <a href="[^"]*">version (\d+)<\/a> already/.exec(answer) ?? [];
  const [, type, message] = / gets <code>(\w+)<\/code>: (.*)<\/p>/.exec(answer) ?? [];
  return { heading, badge, version: Number(version), error: type && `${type}: ${message}`, answer };
}

/** Registers the definition, after it was checked, and compares both answers. */
async function compareWithRegistration(registry: Registry, definition: string) {
  const said = await check(registry, definition);
  const { answer } = await registry.call('RegisterSchemaVersion', {
    ...{ SchemaId, SchemaDefinition: definition },
  });
  const what = `${definition.slice(0, 80)}: ${said.heading}`;
  if (answer.__type !== undefined) {
    assert.equal(said.heading, 'Refused', what);
    assert.equal(said.error, `${answer.__type}: ${answer.Message}`);
  } else if (said.heading === 'Registered already') {
    assert.deepEqual([said.badge, said.version], [answer.Status, answer.VersionNumber], what);
  } else {
    const verdict = { Compatible: 'AVAILABLE', 'Not compatible': 'FAILURE' }[said.heading ?? ''];
    assert.equal(verdict, answer.Status, what);
  }
  return said;
}

async function openOrders(Compatibility: string, options: Partial<GlueLocalOptions> = {}) {
  const registry = openRegistry(options);
  await registry.call('CreateRegistry', RegistryId);
  const schema = { ...SchemaId, RegistryId, DataFormat: 'AVRO', Compatibility };
  await registry.call('CreateSchema', { ...schema, SchemaDefinition: orderSchema() });
  return registry;
}

const noted = (length: number, character: string) => {
  const empty = JSON.stringify({ type: 'string', note: '' });
  return JSON.stringify({ type: 'string', note: character.repeat(length - empty.length) });
};
const definitions = [
  ...[orderSchema(isPrime), orderSchema(isPrimeOrFalse), orderSchema(isPrime), '"string"'],
  ...[
    orderSchema(),
    ` ${orderSchema(isPrimeOrFalse)} `,
    '{"type":"recor',
    '',
    ' \n ',
    '['.repeat(5000),
  ],
  ...[
    noted(170_000, 'a'),
    noted(170_001, 'a'),
    noted(170_000, '\u{1f600}'),
    noted(170_001, '\u{1f600}'),
  ],
];

test('the form answers what a registration answers, under every mode', async () => {
  for (const mode of compatibilityModes) {
    await using registry = await openOrders(mode);
    for (const definition of definitions) await compareWithRegistration(registry, definition);
  }
});

test('the form asks about another mode as if the schema had it, and stores nothing', async () => {
  for (const mode of compatibilityModes) {
    await using asked = await openOrders('BACKWARD');
    await using changed = await openOrders(mode);
    for (const definition of [orderSchema(isPrime), '"string"', orderSchema()]) {
      const [one, other] = [await check(asked, definition, mode), await check(changed, definition)];
      assert.deepEqual([one.heading, one.error], [other.heading, other.error], mode);
    }
    const { answer } = await asked.call('ListSchemaVersions', { SchemaId });
    assert.equal(answer.Schemas.length, 1);
  }
});

test('a failed definition is named as FAILURE, also under a mode that would accept it', async () => {
  await using registry = await openOrders('BACKWARD');
  await registry.call('RegisterSchemaVersion', {
    ...{ SchemaId, SchemaDefinition: orderSchema(isPrime) },
  });
  await registry.call('UpdateSchema', {
    ...{ SchemaId, Compatibility: 'NONE', SchemaVersionNumber: { VersionNumber: 1 } },
  });
  const said = await compareWithRegistration(registry, orderSchema(isPrime));
  assert.deepEqual([said.heading, said.badge, said.version], ['Registered already', 'FAILURE', 2]);
  assert.match(said.answer, /It is not compared again, under any mode, until version 2 is deleted/);
});

test('the form knows a PENDING version, and refuses while a schema is DELETING or no version can be added', async () => {
  const nowMs = 1_700_000_000_000;
  const options = { pendingMs: 1000, deletingMs: 1000, now: () => nowMs };
  await using registry = await openOrders('BACKWARD', options);
  await registry.call('RegisterSchemaVersion', {
    ...{ SchemaId, SchemaDefinition: orderSchema(isPrime) },
  });
  const pending = await compareWithRegistration(registry, orderSchema(isPrime));
  assert.deepEqual([pending.badge, pending.version], ['PENDING', 2]);
  await registry.call('DeleteSchema', { SchemaId });
  const deleting = await compareWithRegistration(registry, orderSchema(isPrimeOrFalse));
  assert.equal(deleting.error, 'ConcurrentModificationException: Schema is being deleted.');
});

test('a schema without a version takes any valid definition', async () => {
  for (const mode of compatibilityModes) {
    await using registry = openRegistry();
    await registry.call('CreateRegistry', RegistryId);
    const schema = { ...SchemaId, RegistryId, DataFormat: 'AVRO', Compatibility: mode };
    await registry.call('CreateSchema', schema);
    const said = await compareWithRegistration(registry, orderSchema());
    assert.equal(said.heading, 'Compatible', mode);
  }
});
