import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateRegistryCommand,
  CreateSchemaCommand,
  DeleteRegistryCommand,
  DeleteSchemaCommand,
  DeleteSchemaVersionsCommand,
  GetRegistryCommand,
  GetSchemaByDefinitionCommand,
  GetSchemaCommand,
  GetSchemaVersionCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateRegistryCommand,
  UpdateSchemaCommand,
} from '@aws-sdk/client-glue';
import { registryNames, schemaNames, versionNumbers } from './testing/lists.ts';
import { openRegistry } from './testing/open-registry.ts';
import {
  createOrders,
  isPrime,
  isPrimeOrFalse,
  orderSchema,
  RegistryId,
  register,
  SchemaId,
  startRegistry,
} from './testing/start-registry.ts';

const notFound = { name: 'EntityNotFoundException' };

test('a deleted schema is gone with the next read, with its versions and tags, and its name is free', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  const { SchemaArn, SchemaVersionId } = await createOrders(client, 'BACKWARD');
  await client.send(new TagResourceCommand({ ResourceArn: SchemaArn, TagsToAdd: { a: 'b' } }));
  await register(client, orderSchema(isPrimeOrFalse));

  const answer = await client.send(new DeleteSchemaCommand({ SchemaId: { SchemaArn } }));
  assert.deepEqual(
    [answer.SchemaArn, answer.SchemaName, answer.Status],
    [SchemaArn, 'orders-value', 'DELETING'],
  );
  await assert.rejects(client.send(new GetSchemaCommand({ SchemaId })), notFound);
  await assert.rejects(client.send(new GetSchemaVersionCommand({ SchemaVersionId })), {
    ...notFound,
    message: /^Schema version is not found\. /,
  });
  assert.deepEqual(await schemaNames(client), []);
  assert.deepEqual(await registryNames(client), ['customer']);
  await assert.rejects(client.send(new DeleteSchemaCommand({ SchemaId })), notFound);

  const again = await createOrders(client, 'NONE', orderSchema(isPrimeOrFalse));
  assert.notEqual(again.SchemaVersionId, SchemaVersionId);
  assert.equal(again.LatestSchemaVersion, 1);
  assert.deepEqual((await client.send(new GetTagsCommand({ ResourceArn: SchemaArn }))).Tags, {});
});

test('a deleted registry is gone with its schemas; others stay', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createOrders(client, 'BACKWARD');
  await client.send(new CreateRegistryCommand({ RegistryName: 'customer2' }));
  const other = await client.send(
    new CreateSchemaCommand({
      RegistryId: { RegistryName: 'customer2' },
      SchemaName: 'orders-value',
      DataFormat: 'AVRO',
      Tags: { team: 'checkout' },
    }),
  );
  const answer = await client.send(new DeleteRegistryCommand({ RegistryId }));
  assert.deepEqual([answer.RegistryName, answer.Status], ['customer', 'DELETING']);
  await assert.rejects(client.send(new GetRegistryCommand({ RegistryId })), notFound);
  await assert.rejects(client.send(new GetSchemaCommand({ SchemaId })), notFound);
  assert.deepEqual(await registryNames(client), ['customer2']);
  assert.deepEqual(await schemaNames(client), ['orders-value']);
  const { Tags } = await client.send(new GetTagsCommand({ ResourceArn: other.SchemaArn }));
  assert.deepEqual(Tags, { team: 'checkout' });
  assert.equal((await createOrders(client, 'FULL')).LatestSchemaVersion, 1);
});

test('the tags of a deleted registry and of its schemas do not come back with their names', async () => {
  await using registry = openRegistry();
  const Tags = { team: 'checkout' };
  const create = async (tags: object) => [
    (await registry.call('CreateRegistry', { ...RegistryId, ...tags })).answer.RegistryArn,
    (await registry.call('CreateSchema', { ...SchemaId, RegistryId, DataFormat: 'AVRO', ...tags }))
      .answer.SchemaArn,
  ];
  const arns = await create({ Tags });
  const tagsOf = () =>
    Promise.all(
      arns.map(async (ResourceArn) => {
        return (await registry.call('GetTags', { ResourceArn })).answer.Tags;
      }),
    );
  assert.deepEqual(await tagsOf(), [Tags, Tags]);
  await registry.call('DeleteRegistry', { RegistryId });
  assert.deepEqual(await create({}), arns);
  assert.deepEqual(await tagsOf(), [{}, {}]);
});

test('the default registry can be deleted, and is created again when a schema needs it', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  const create = () =>
    client.send(new CreateSchemaCommand({ SchemaName: 's', DataFormat: 'AVRO' }));
  await create();
  const defaultRegistry = { RegistryName: 'default-registry' };
  await client.send(new DeleteRegistryCommand({ RegistryId: defaultRegistry }));
  assert.deepEqual(await registryNames(client), []);
  assert.equal((await create()).RegistryName, 'default-registry');
});

test('with deletingMs, what was deleted is DELETING for that time: shown by Get, not listed, not changeable', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = await startRegistry({ deletingMs: 3000, now: () => nowMs });
  const { client } = registry;
  const { SchemaVersionId, SchemaArn, RegistryArn } = await createOrders(client, 'BACKWARD');
  await register(client, orderSchema(isPrimeOrFalse));
  const statuses = async () => {
    const version = await client.send(new GetSchemaVersionCommand({ SchemaVersionId }));
    const schema = await client.send(new GetSchemaCommand({ SchemaId }));
    const { Status } = await client.send(new GetRegistryCommand({ RegistryId }));
    return [version.Status, schema.SchemaStatus, Status];
  };
  await client.send(new DeleteSchemaCommand({ SchemaId }));
  assert.deepEqual(await statuses(), ['DELETING', 'DELETING', 'AVAILABLE']);
  nowMs += 1000;
  await client.send(new DeleteRegistryCommand({ RegistryId }));
  assert.deepEqual(await statuses(), ['DELETING', 'DELETING', 'DELETING']);
  assert.deepEqual(await registryNames(client), []);
  assert.deepEqual(await schemaNames(client), []);
  assert.deepEqual(await versionNumbers(client), []);

  const SchemaDefinition = orderSchema();
  const byDefinition = new GetSchemaByDefinitionCommand({ SchemaId, SchemaDefinition });
  await assert.rejects(client.send(byDefinition), notFound);
  await assert.rejects(client.send(new CreateRegistryCommand(RegistryId)), {
    name: 'AlreadyExistsException',
  });
  const busy = { name: 'ConcurrentModificationException' };
  await assert.rejects(register(client, orderSchema(isPrime)), busy);
  const versions = new DeleteSchemaVersionsCommand({ SchemaId, Versions: '2' });
  await assert.rejects(client.send(versions), busy);
  await assert.rejects(createOrders(client, 'NONE'), busy);
  const Description = 'd';
  await assert.rejects(client.send(new UpdateRegistryCommand({ RegistryId, Description })), busy);
  await assert.rejects(client.send(new UpdateSchemaCommand({ SchemaId, Description })), busy);
  for (const ResourceArn of [SchemaArn, RegistryArn]) {
    const TagsToAdd = { a: 'b' };
    const commands = [
      new GetTagsCommand({ ResourceArn }),
      new TagResourceCommand({ ResourceArn, TagsToAdd }),
      new UntagResourceCommand({ ResourceArn, TagsToRemove: ['a'] }),
    ];
    for (const command of commands)
      await assert.rejects(client.send(command as GetTagsCommand), notFound);
  }

  nowMs += 2999;
  const again = await client.send(new DeleteRegistryCommand({ RegistryId }));
  assert.equal(again.Status, 'DELETING');
  nowMs += 1;
  await assert.rejects(client.send(new GetSchemaCommand({ SchemaId })), notFound);
  await assert.rejects(client.send(new GetRegistryCommand({ RegistryId })), notFound);
  assert.equal((await createOrders(client, 'NONE')).SchemaVersionStatus, 'AVAILABLE');
});

test('a second deletion is answered like the first, and does not prolong it', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = openRegistry({ deletingMs: 3000, now: () => nowMs });
  await registry.call('CreateRegistry', RegistryId);
  await registry.call('CreateSchema', { ...SchemaId, RegistryId, DataFormat: 'AVRO' });
  const first = await registry.call('DeleteSchema', { SchemaId });
  nowMs += 2999;
  const second = await registry.call('DeleteSchema', { SchemaId });
  assert.deepEqual(second.answer, first.answer);
  nowMs += 1;
  const { answer } = await registry.call('DeleteSchema', { SchemaId });
  assert.equal(answer.__type, 'EntityNotFoundException');
});

test('a deletion survives a restart, and ends when the clock is set back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
  try {
    let nowMs = 1_700_000_000_000;
    const options = { databaseFile: join(folder, 'registry.sqlite'), now: () => nowMs };
    {
      await using registry = await startRegistry({ ...options, deletingMs: 3000 });
      await createOrders(registry.client, 'BACKWARD');
      await registry.client.send(new DeleteSchemaCommand({ SchemaId }));
      nowMs += 2000;
      await registry.client.send(new DeleteRegistryCommand({ RegistryId }));
    }
    await using registry = await startRegistry(options);
    const schema = await registry.client.send(new GetSchemaCommand({ SchemaId }));
    assert.equal(schema.SchemaStatus, 'DELETING');
    nowMs -= 1000;
    await assert.rejects(registry.client.send(new GetSchemaCommand({ SchemaId })), notFound);
    await assert.rejects(registry.client.send(new GetRegistryCommand({ RegistryId })), notFound);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('UpdateRegistry changes the description and the time of the update', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = await startRegistry({ now: () => nowMs });
  const { client } = registry;
  await client.send(new CreateRegistryCommand({ ...RegistryId, Description: 'old' }));
  nowMs += 5000;
  const answer = await client.send(new UpdateRegistryCommand({ RegistryId, Description: 'new' }));
  assert.equal(answer.RegistryArn, 'arn:aws:glue:us-east-1:000000000000:registry/customer');
  const { Description, CreatedTime, UpdatedTime } = await client.send(
    new GetRegistryCommand({ RegistryId }),
  );
  assert.deepEqual(
    [Description, CreatedTime, UpdatedTime],
    ['new', '2023-11-14T22:13:20.000Z', '2023-11-14T22:13:25.000Z'],
  );
});
