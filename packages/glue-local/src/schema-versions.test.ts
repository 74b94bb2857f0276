import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CheckSchemaVersionValidityCommand,
  type DataFormat,
  GetSchemaByDefinitionCommand,
  GetSchemaCommand,
  GetSchemaVersionCommand,
  UpdateSchemaCommand,
} from '@aws-sdk/client-glue';
import { openRegistry } from './testing/open-registry.ts';
import {
  createOrders,
  isPrime,
  isPrimeOrFalse,
  orderSchema,
  register,
  SchemaId,
  startRegistry,
} from './testing/start-registry.ts';

test('S0-08 the first definition creates the schema with its compatibility and is AVAILABLE at once', async () => {
  await using registry = await startRegistry({ pendingMs: 60_000 });
  const { client } = registry;
  const created = await createOrders(client, 'BACKWARD');
  assert.equal(created.SchemaVersionStatus, 'AVAILABLE');
  const { CreatedTime, UpdatedTime, $metadata, ...schema } = await client.send(
    new GetSchemaCommand({ SchemaId }),
  );
  assert.deepEqual(schema, {
    RegistryName: 'customer',
    RegistryArn: 'arn:aws:glue:us-east-1:000000000000:registry/customer',
    SchemaName: 'orders-value',
    SchemaArn: 'arn:aws:glue:us-east-1:000000000000:schema/customer/orders-value',
    DataFormat: 'AVRO',
    Compatibility: 'BACKWARD',
    SchemaCheckpoint: 1,
    LatestSchemaVersion: 1,
    NextSchemaVersion: 2,
    SchemaStatus: 'AVAILABLE',
  });
  const version = await client.send(
    new GetSchemaVersionCommand({ SchemaVersionId: created.SchemaVersionId }),
  );
  assert.equal(version.SchemaDefinition, orderSchema());
  assert.equal(version.VersionNumber, 1);
  assert.equal(version.DataFormat, 'AVRO');
  await assert.rejects(createOrders(client, 'BACKWARD'), { name: 'AlreadyExistsException' });
});

test('a version stays PENDING for pendingMs, then shows its verdict', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = await startRegistry({ pendingMs: 3000, now: () => nowMs });
  const { client } = registry;
  await createOrders(client, 'BACKWARD');
  const bad = await register(client, orderSchema(isPrime));
  const good = await register(client, orderSchema(isPrimeOrFalse));
  const statusOf = async (SchemaVersionId: string | undefined) =>
    (await client.send(new GetSchemaVersionCommand({ SchemaVersionId }))).Status;
  assert.deepEqual([good.Status, bad.Status], ['PENDING', 'PENDING']);
  nowMs += 2999;
  assert.equal(await statusOf(good.SchemaVersionId), 'PENDING');
  assert.equal((await client.send(new GetSchemaCommand({ SchemaId }))).LatestSchemaVersion, 1);
  nowMs += 1;
  assert.equal(await statusOf(good.SchemaVersionId), 'AVAILABLE');
  assert.equal(await statusOf(bad.SchemaVersionId), 'FAILURE');
  assert.equal((await client.send(new GetSchemaCommand({ SchemaId }))).LatestSchemaVersion, 3);
});

test('F16 a version does not stay PENDING when the clock is set back', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = await startRegistry({ pendingMs: 3000, now: () => nowMs });
  const { client } = registry;
  await createOrders(client, 'BACKWARD');
  const { SchemaVersionId } = await register(client, orderSchema(isPrimeOrFalse));
  nowMs -= 600_000;
  const version = await client.send(new GetSchemaVersionCommand({ SchemaVersionId }));
  assert.equal(version.Status, 'AVAILABLE');
  assert.equal((await client.send(new GetSchemaCommand({ SchemaId }))).LatestSchemaVersion, 2);
});

test('the registry survives a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
  try {
    const databaseFile = join(folder, 'registry.sqlite');
    let versionId: string | undefined;
    {
      await using registry = await startRegistry({ databaseFile });
      versionId = (await createOrders(registry.client, 'BACKWARD')).SchemaVersionId;
    }
    await using registry = await startRegistry({ databaseFile });
    const found = await registry.client.send(
      new GetSchemaByDefinitionCommand({ SchemaId, SchemaDefinition: orderSchema() }),
    );
    assert.equal(found.SchemaVersionId, versionId);
    assert.equal((await register(registry.client, orderSchema(isPrime))).Status, 'FAILURE');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a definition is found with any white space and order of keys', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  const created = await createOrders(client, 'BACKWARD');
  const spaced = JSON.stringify(JSON.parse(orderSchema()), undefined, 3);
  const found = await client.send(
    new GetSchemaByDefinitionCommand({ SchemaId, SchemaDefinition: spaced }),
  );
  assert.equal(found.SchemaVersionId, created.SchemaVersionId);
  assert.equal((await register(client, spaced)).SchemaVersionId, created.SchemaVersionId);
});

test('a missing schema or version has the message that the official clients match', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  const find = () =>
    client.send(new GetSchemaByDefinitionCommand({ SchemaId, SchemaDefinition: orderSchema() }));
  await assert.rejects(find(), {
    name: 'EntityNotFoundException',
    message:
      'Schema is not found. RegistryName: customer, SchemaName: orders-value, SchemaArn: null',
  });
  await createOrders(client, 'BACKWARD', orderSchema(isPrime));
  await assert.rejects(find(), {
    name: 'EntityNotFoundException',
    message: /^Schema version is not found\. /,
  });
  await assert.rejects(
    client.send(
      new GetSchemaVersionCommand({ SchemaVersionId: 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63' }),
    ),
    { name: 'EntityNotFoundException', message: /^Schema version is not found\. / },
  );
});

test('UpdateSchema changes the mode for later versions', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createOrders(client, 'DISABLED');
  await assert.rejects(
    client.send(new UpdateSchemaCommand({ SchemaId, Compatibility: 'BACKWARD' })),
    { name: 'InvalidInputException', message: /schemaVersionNumber/ },
  );
  await client.send(
    new UpdateSchemaCommand({
      SchemaId,
      Compatibility: 'BACKWARD',
      Description: 'orders',
      SchemaVersionNumber: { LatestVersion: true },
    }),
  );
  const schema = await client.send(new GetSchemaCommand({ SchemaId }));
  assert.deepEqual([schema.Compatibility, schema.Description], ['BACKWARD', 'orders']);
  assert.equal((await register(client, orderSchema(isPrime))).Status, 'FAILURE');
  assert.equal((await register(client, orderSchema(isPrimeOrFalse))).Status, 'AVAILABLE');
});

test('UpdateSchema refuses the mode that the schema has, and a checkpoint before the present one', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createOrders(client, 'BACKWARD');
  await register(client, orderSchema(isPrimeOrFalse));
  const update = (VersionNumber: number, Compatibility?: 'BACKWARD' | 'FORWARD') => {
    const SchemaVersionNumber = { VersionNumber };
    return client.send(new UpdateSchemaCommand({ SchemaId, SchemaVersionNumber, Compatibility }));
  };
  const refused = { name: 'InvalidInputException' };
  await assert.rejects(update(1, 'BACKWARD'), { ...refused, message: /compatibility$/ });
  await update(2);
  await update(2, 'FORWARD');
  await assert.rejects(update(1), { ...refused, message: /versionNumber$/ });
  const schema = await client.send(new GetSchemaCommand({ SchemaId }));
  assert.deepEqual([schema.Compatibility, schema.SchemaCheckpoint], ['FORWARD', 2]);
});

test('UpdateSchema changes what the request has, and the time of the update', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = openRegistry({ now: () => nowMs });
  const schema = { SchemaName: 's', DataFormat: 'AVRO', Compatibility: 'FULL' };
  await registry.call('CreateSchema', { ...schema, SchemaDefinition: '"int"', Description: 'old' });
  const update = async (members: object) => {
    nowMs += 1000;
    const SchemaId = { RegistryName: 'default-registry', SchemaName: 's' };
    await registry.call('UpdateSchema', { SchemaId, ...members });
    const { answer } = await registry.call('GetSchema', { SchemaId });
    const { Description, Compatibility, SchemaCheckpoint, CreatedTime, UpdatedTime } = answer;
    const ageMs = Date.parse(UpdatedTime) - Date.parse(CreatedTime);
    return [Description, Compatibility, SchemaCheckpoint, ageMs];
  };
  const SchemaVersionNumber = { VersionNumber: 1 };
  assert.deepEqual(await update({ SchemaVersionNumber, Compatibility: 'NONE' }), [
    ...['old', 'NONE', 1, 1000],
  ]);
  assert.deepEqual(await update({ SchemaVersionNumber }), ['old', 'NONE', 1, 2000]);
  assert.deepEqual(await update({ Description: 'new' }), ['new', 'NONE', 1, 3000]);
  assert.deepEqual(await update({ Description: '' }), ['', 'NONE', 1, 4000]);
});

test('a checkpoint is an AVAILABLE version: neither PENDING nor FAILURE nor DELETING', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = openRegistry({ pendingMs: 1000, deletingMs: 9000, now: () => nowMs });
  const RegistryId = { RegistryName: SchemaId.RegistryName };
  await registry.call('CreateRegistry', RegistryId);
  const schema = { ...SchemaId, RegistryId, DataFormat: 'AVRO', Compatibility: 'BACKWARD' };
  await registry.call('CreateSchema', { ...schema, SchemaDefinition: orderSchema() });
  const amount = { name: 'amount', type: 'long' };
  const later = [isPrimeOrFalse, amount, { ...isPrimeOrFalse, doc: 'is prime' }];
  for (const field of later) {
    await registry.call('RegisterSchemaVersion', {
      SchemaId,
      SchemaDefinition: orderSchema(field),
    });
  }
  const moveTo = async (VersionNumber: number) => {
    const request = { SchemaId, SchemaVersionNumber: { VersionNumber } };
    const { answer } = await registry.call('UpdateSchema', request);
    return answer.Message ?? answer.SchemaName;
  };
  const refused = 'The checkpoint version is not AVAILABLE. Parameter Name: versionNumber';
  for (const number of [2, 3, 4]) assert.equal(await moveTo(number), refused, 'PENDING');
  nowMs += 1000;
  assert.equal(await moveTo(3), refused, 'FAILURE');
  await registry.call('DeleteSchemaVersions', { SchemaId, Versions: '4' });
  assert.equal(await moveTo(4), refused, 'DELETING');
  const checkpoint = async () =>
    (await registry.call('GetSchema', { SchemaId })).answer.SchemaCheckpoint;
  assert.equal(await checkpoint(), 1);
  assert.equal(await moveTo(2), 'orders-value');
  assert.equal(await checkpoint(), 2);
});

test('all spellings of a JSON Schema are one version, and another schema is compared with it', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  const order = (properties: object) =>
    JSON.stringify({ type: 'object', properties, additionalProperties: false });
  await createOrders(client, 'BACKWARD', order({ a: { type: 'string' } }), 'JSON');
  const spaced =
    '{ "additionalProperties":false, "properties":{"a":{"type":"string"}},"type":"object"}';
  assert.equal((await register(client, spaced)).VersionNumber, 1);
  const narrower = order({ a: { type: 'string', maxLength: 5 } });
  assert.equal((await register(client, narrower)).Status, 'FAILURE');
  const wider = order({ a: { type: 'string' }, b: { type: 'integer' } });
  assert.equal((await register(client, wider)).Status, 'AVAILABLE');
  await assert.rejects(register(client, '{"type":"order"}'), {
    name: 'InvalidInputException',
    message: /^Schema definition of JSON data format is invalid: /,
  });
});

test('a Protobuf file and the same file as Java prints it are one version, and another file is compared with it', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  const order = (fields: string) => `syntax = "proto3"; package p; message Order { ${fields} }`;
  await createOrders(client, 'FULL', order('map<string, int32> counts = 1; /* all */'), 'PROTOBUF');
  const printed = `syntax = "proto3";\n\npackage p;\n\nmessage Order {\n  repeated .p.Order.CountsEntry counts = 1;\n\n  message CountsEntry {\n    option map_entry = true;\n  \n    string key = 1;\n  \n    int32 value = 2;\n  }\n}\n`;
  const found = await client.send(
    new GetSchemaByDefinitionCommand({ SchemaId, SchemaDefinition: printed }),
  );
  assert.equal(found.Status, 'AVAILABLE');
  const retyped = await register(client, order('map<string, string> counts = 1;'));
  assert.equal(retyped.Status, 'FAILURE');
  const more = await register(client, order('map<string, int32> counts = 1; string note = 2;'));
  assert.equal(more.Status, 'AVAILABLE');
  await assert.rejects(register(client, order('Missing m = 1;')), {
    message: /^Schema definition of PROTOBUF data format is invalid: /,
  });
});

test('CheckSchemaVersionValidity checks the syntax alone and returns the error', async () => {
  await using registry = await startRegistry();
  const check = async (DataFormat: DataFormat, SchemaDefinition: string) => {
    const answer = await registry.client.send(
      new CheckSchemaVersionValidityCommand({ DataFormat, SchemaDefinition }),
    );
    return [answer.Valid, answer.Error];
  };
  assert.deepEqual(await check('AVRO', orderSchema()), [true, undefined]);
  const noFields = '{"type":"record","name":"Order"}';
  assert.deepEqual(await check('AVRO', noFields), [false, 'Record has no fields: Order']);
  assert.deepEqual(await check('JSON', '{"type":"object"}'), [true, undefined]);
  assert.equal((await check('JSON', '{'))[0], false);
  assert.equal((await check('JSON', '{"properties":5}'))[0], false);
  assert.deepEqual(await check('PROTOBUF', 'message M { }'), [true, undefined]);
  assert.equal((await check('PROTOBUF', 'message M { Missing m = 1; }'))[0], false);
});
