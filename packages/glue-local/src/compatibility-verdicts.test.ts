import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  GetSchemaByDefinitionCommand,
  GetSchemaCommand,
  GetSchemaVersionCommand,
  ListSchemaVersionsCommand,
} from '@aws-sdk/client-glue';
import { compatibilityModes } from '@order-stream/serde/compatibility';
import {
  createOrders,
  isPrime,
  isPrimeOrFalse,
  orderSchema,
  register,
  SchemaId,
  startRegistry,
} from './testing/start-registry.ts';

// Successors of a schema with `order_id` alone: with an added field that has a default (readable both ways), with one that
// has none (only old readers can read it), and with another type (no reader can).
const verdicts: Record<(typeof compatibilityModes)[number], readonly string[]> = {
  NONE: ['AVAILABLE', 'AVAILABLE', 'AVAILABLE'],
  DISABLED: ['refused', 'refused', 'refused'],
  BACKWARD: ['AVAILABLE', 'FAILURE', 'FAILURE'],
  BACKWARD_ALL: ['AVAILABLE', 'FAILURE', 'FAILURE'],
  FORWARD: ['AVAILABLE', 'AVAILABLE', 'FAILURE'],
  FORWARD_ALL: ['AVAILABLE', 'AVAILABLE', 'FAILURE'],
  FULL: ['AVAILABLE', 'FAILURE', 'FAILURE'],
  FULL_ALL: ['AVAILABLE', 'FAILURE', 'FAILURE'],
};

for (const mode of compatibilityModes) {
  test(`S0-09 under ${mode} the verdicts on a second version are ${verdicts[mode].join(', ')}`, async () => {
    for (const [index, definition] of [
      orderSchema(isPrimeOrFalse),
      orderSchema(isPrime),
      orderSchema().replace('"string"', '"long"'),
    ].entries()) {
      await using registry = await startRegistry();
      await createOrders(registry.client, mode);
      const verdict = await register(registry.client, definition).then(
        ({ Status }) => Status,
        (error: Error) => {
          assert.match(error.message, /^Compatibility DISABLED does not allow versioning\./);
          return 'refused';
        },
      );
      assert.equal(verdict, verdicts[mode][index]);
      // Registering the same definition again always succeeds.
      assert.equal((await register(registry.client, orderSchema())).VersionNumber, 1);
    }
  });
}

test('S0-09 the _ALL modes compare with every version, the other modes with the latest', async () => {
  const dropped = orderSchema({ name: 'note', type: 'string' });
  const retyped = orderSchema({ name: 'note', type: 'long' });
  for (const [mode, status] of [
    ['BACKWARD', 'AVAILABLE'],
    ['BACKWARD_ALL', 'FAILURE'],
  ] as const) {
    await using registry = await startRegistry();
    await createOrders(registry.client, mode, dropped);
    assert.equal((await register(registry.client, orderSchema())).Status, 'AVAILABLE');
    const withDefault = retyped.replace('"long"', '"long","default":0');
    assert.equal((await register(registry.client, withDefault)).Status, status);
  }
});

test('S0-10 a field without a default fails under BACKWARD, stays visible and never becomes the latest', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createOrders(client, 'BACKWARD');
  const failed = await register(client, orderSchema(isPrime));
  assert.equal(failed.Status, 'FAILURE');
  assert.equal(failed.VersionNumber, 2);

  const schema = await client.send(new GetSchemaCommand({ SchemaId }));
  assert.deepEqual([schema.LatestSchemaVersion, schema.NextSchemaVersion], [1, 2]);
  const latest = await client.send(
    new GetSchemaVersionCommand({ SchemaId, SchemaVersionNumber: { LatestVersion: true } }),
  );
  assert.equal(latest.VersionNumber, 1);
  const listed = await client.send(new ListSchemaVersionsCommand({ SchemaId }));
  assert.deepEqual(
    listed.Schemas?.map(({ VersionNumber, Status }) => [VersionNumber, Status]),
    [
      [2, 'FAILURE'],
      [1, 'AVAILABLE'],
    ],
  );
  const found = await client.send(
    new GetSchemaByDefinitionCommand({ SchemaId, SchemaDefinition: orderSchema(isPrime) }),
  );
  assert.equal(found.Status, 'FAILURE');

  const reasons = await fetch(
    `${registry.endpoint}/_local/schema-versions/${failed.SchemaVersionId}/reasons`,
  );
  assert.deepEqual(await reasons.json(), {
    schemaVersionId: failed.SchemaVersionId,
    status: 'FAILURE',
    incompatibilityCount: 1,
    notKept: 0,
    incompatibilities: [
      {
        type: 'READER_FIELD_MISSING_DEFAULT_VALUE',
        location: '/fields/1',
        newLocation: '/fields/1',
        previousLocation: '',
        message: 'is_prime',
        direction: 'BACKWARD',
        previous: 0,
        previousVersion: 1,
      },
    ],
  });
});

test('S0-11 the same field with a default is accepted as version 2', async () => {
  await using registry = await startRegistry();
  await createOrders(registry.client, 'BACKWARD');
  const accepted = await register(registry.client, orderSchema(isPrimeOrFalse));
  assert.equal(accepted.Status, 'AVAILABLE');
  assert.equal(accepted.VersionNumber, 2);
});

test('after a failed version, the next one is compared with the latest accepted version', async () => {
  await using registry = await startRegistry();
  await createOrders(registry.client, 'BACKWARD');
  await register(registry.client, orderSchema(isPrime));
  const third = await register(registry.client, orderSchema(isPrimeOrFalse));
  assert.deepEqual([third.VersionNumber, third.Status], [3, 'AVAILABLE']);
});

// The schema that Debezium's MySQL connector registers for `CREATE TABLE person (id INT NOT NULL, name TEXT)`.
const column = (name: string, type: unknown, rest = {}) => ({ name, type, ...rest });
const nullable = (name: string) => column(name, ['null', 'string'], { default: null });
const envelope = (...columns: object[]) =>
  JSON.stringify({
    type: 'record',
    name: 'Envelope',
    namespace: 'fullfillment.test_db.person',
    fields: [
      {
        name: 'before',
        type: ['null', { type: 'record', name: 'Value', fields: columns, 'connect.name': 'Value' }],
        default: null,
      },
      { name: 'after', type: ['null', 'Value'], default: null },
      { name: 'op', type: 'string' },
    ],
    'connect.name': 'fullfillment.test_db.person.Envelope',
  });
const person = envelope(column('id', 'int'), nullable('name'));
for (const [id, change, definition, status] of [
  ['S4-02', 'a dropped column is accepted', envelope(column('id', 'int')), 'AVAILABLE'],
  [
    'S4-03',
    'a new nullable column is accepted',
    envelope(column('id', 'int'), nullable('name'), nullable('city')),
    'AVAILABLE',
  ],
  [
    'S4-04',
    'a new NOT NULL column without default is refused',
    envelope(column('id', 'int'), nullable('name'), column('city', 'string')),
    'FAILURE',
  ],
] as const) {
  test(`${id} under BACKWARD ${change}`, async () => {
    await using registry = await startRegistry();
    await createOrders(registry.client, 'BACKWARD', person);
    assert.equal((await register(registry.client, definition)).Status, status);
  });
}
