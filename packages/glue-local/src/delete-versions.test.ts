import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Compatibility,
  DeleteSchemaVersionsCommand,
  GetSchemaByDefinitionCommand,
  GetSchemaCommand,
  GetSchemaVersionCommand,
  type GlueClient,
  PutSchemaVersionMetadataCommand,
  QuerySchemaVersionMetadataCommand,
  RemoveSchemaVersionMetadataCommand,
  UpdateSchemaCommand,
} from '@aws-sdk/client-glue';
import { versionNumbers } from './testing/lists.ts';
import { openRegistry } from './testing/open-registry.ts';
import {
  createOrders,
  isPrime,
  orderSchema,
  register,
  SchemaId,
  startRegistry,
} from './testing/start-registry.ts';

const version = (number: number) => orderSchema({ name: `c${number}`, type: 'int', default: 0 });

interface SdkError extends Error {
  $metadata: { httpStatusCode: number };
}

/** A schema with versions 1 to `count`. */
async function createVersions(client: GlueClient, count: number, mode: Compatibility = 'BACKWARD') {
  await createOrders(client, mode);
  for (let number = 2; number <= count; number += 1) {
    assert.equal((await register(client, version(number))).VersionNumber, number);
  }
}

/** @returns number and error code of each version that stays */
async function deleteVersions(client: GlueClient, Versions: string) {
  const { SchemaVersionErrors = [] } = await client.send(
    new DeleteSchemaVersionsCommand({ SchemaId, Versions }),
  );
  return SchemaVersionErrors.map((item) => [item.VersionNumber, item.ErrorDetails?.ErrorCode]);
}

const latestNumber = async (client: GlueClient) =>
  (await client.send(new GetSchemaCommand({ SchemaId }))).LatestSchemaVersion;

test('a version and a range of versions are deleted, not found by id or definition, and their numbers not used again', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createVersions(client, 6);
  const { SchemaVersionId } = await client.send(
    new GetSchemaVersionCommand({ SchemaId, SchemaVersionNumber: { VersionNumber: 6 } }),
  );
  assert.deepEqual(await deleteVersions(client, '2'), []);
  assert.deepEqual(await deleteVersions(client, '4-6'), []);
  assert.deepEqual(await versionNumbers(client), [3, 1]);
  assert.equal(await latestNumber(client), 3);

  const notFound = { name: 'EntityNotFoundException', message: /^Schema version is not found\. / };
  await assert.rejects(client.send(new GetSchemaVersionCommand({ SchemaVersionId })), notFound);
  const SchemaDefinition = version(6);
  const byDefinition = new GetSchemaByDefinitionCommand({ SchemaId, SchemaDefinition });
  await assert.rejects(client.send(byDefinition), notFound);
  const again = await register(client, SchemaDefinition);
  assert.equal(again.VersionNumber, 7);
  assert.notEqual(again.SchemaVersionId, SchemaVersionId);
});

test('a range with the checkpoint is refused as a whole; version 1 stays, versions that do not exist are reported', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createVersions(client, 4);
  for (const versions of ['1', '1-3']) {
    await assert.rejects(deleteVersions(client, versions), (error: SdkError) => {
      assert.match(error.message, /checkpoint/);
      assert.deepEqual(
        [error.name, error.$metadata.httpStatusCode],
        ['InvalidInputException', 409],
      );
      return true;
    });
  }
  assert.deepEqual(await versionNumbers(client), [4, 3, 2, 1]);
  const SchemaVersionNumber = { VersionNumber: 3 };
  await client.send(new UpdateSchemaCommand({ SchemaId, SchemaVersionNumber }));
  assert.deepEqual(await deleteVersions(client, '1-2'), [[1, 'InvalidInputException']]);
  assert.deepEqual(await deleteVersions(client, '4-6'), [
    [5, 'EntityNotFoundException'],
    [6, 'EntityNotFoundException'],
  ]);
  assert.deepEqual(await versionNumbers(client), [3, 1]);
});

test('a range is at most 25 versions and not reversed', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createVersions(client, 2);
  for (const versions of ['2-27', '9-2', '100001', `2-${'9'.repeat(400)}`]) {
    await assert.rejects(deleteVersions(client, versions), { name: 'InvalidInputException' });
  }
  assert.deepEqual(await versionNumbers(client), [2, 1]);
  assert.equal((await deleteVersions(client, '2-26')).length, 24);
  assert.deepEqual(await versionNumbers(client), [1]);
});

test('a mode that compares with all versions keeps them, and lets go of failed ones', async () => {
  for (const mode of ['BACKWARD_ALL', 'FORWARD_ALL', 'FULL_ALL'] as const) {
    await using registry = await startRegistry();
    const { client } = registry;
    await createVersions(client, 3, mode);
    const failed = await register(client, '"string"');
    assert.deepEqual([failed.VersionNumber, failed.Status], [4, 'FAILURE']);
    assert.deepEqual(await deleteVersions(client, '2-4'), [
      [2, 'InvalidInputException'],
      [3, 'InvalidInputException'],
    ]);
    assert.deepEqual(await versionNumbers(client), [3, 2, 1], mode);
  }
});

test('any other mode lets go of the versions after the checkpoint', async () => {
  for (const mode of ['NONE', 'BACKWARD', 'FORWARD', 'FULL'] as const) {
    await using registry = await startRegistry();
    await createVersions(registry.client, 3, mode);
    assert.deepEqual(await deleteVersions(registry.client, '2-3'), []);
    assert.deepEqual(await versionNumbers(registry.client), [1], mode);
  }
});

test('a failed version can be deleted, and its definition is compared anew when it is registered again', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createVersions(client, 1);
  assert.equal((await register(client, orderSchema(isPrime))).Status, 'FAILURE');
  await client.send(
    new UpdateSchemaCommand({
      ...{ SchemaId, Compatibility: 'FORWARD' },
      SchemaVersionNumber: { VersionNumber: 1 },
    }),
  );
  assert.equal((await register(client, orderSchema(isPrime))).Status, 'FAILURE');
  assert.deepEqual(await deleteVersions(client, '2'), []);
  const again = await register(client, orderSchema(isPrime));
  assert.deepEqual([again.VersionNumber, again.Status], [3, 'AVAILABLE']);
});

test('nothing is deleted while the newest version is PENDING', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = await startRegistry({ pendingMs: 1000, now: () => nowMs });
  const { client } = registry;
  await createVersions(client, 2);
  nowMs += 1000;
  await register(client, version(3));
  await assert.rejects(deleteVersions(client, '2'), {
    name: 'InvalidInputException',
    message: /PENDING/,
  });
  nowMs += 1000;
  assert.deepEqual(await deleteVersions(client, '2'), []);
});

test('metadata goes with its version', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createVersions(client, 2);
  const SchemaVersionNumber = { VersionNumber: 2 };
  const MetadataKeyValue = { MetadataKey: 'team', MetadataValue: 'checkout' };
  const put = { SchemaId, SchemaVersionNumber, MetadataKeyValue };
  await client.send(new PutSchemaVersionMetadataCommand(put));
  await deleteVersions(client, '2');
  const query = new QuerySchemaVersionMetadataCommand({ SchemaId, SchemaVersionNumber });
  await assert.rejects(client.send(query), { name: 'EntityNotFoundException' });
});

test('with deletingMs a deleted version is DELETING: shown by Get, never the latest, compared with no more', async () => {
  let nowMs = 1_700_000_000_000;
  await using registry = await startRegistry({ deletingMs: 3000, now: () => nowMs });
  const { client } = registry;
  await createVersions(client, 3);
  assert.deepEqual(await deleteVersions(client, '3'), []);
  const SchemaVersionNumber = { VersionNumber: 3 };
  const get = () => client.send(new GetSchemaVersionCommand({ SchemaId, SchemaVersionNumber }));
  assert.equal((await get()).Status, 'DELETING');
  assert.deepEqual(await versionNumbers(client), [2, 1]);
  assert.equal(await latestNumber(client), 2);
  assert.deepEqual(await deleteVersions(client, '3'), [[3, 'EntityNotFoundException']]);
  const MetadataKeyValue = { MetadataKey: 'team', MetadataValue: 'checkout' };
  const pair = { SchemaId, SchemaVersionNumber, MetadataKeyValue };
  for (const command of [
    new PutSchemaVersionMetadataCommand(pair),
    new RemoveSchemaVersionMetadataCommand(pair),
  ]) {
    await assert.rejects(client.send(command as PutSchemaVersionMetadataCommand), {
      name: 'EntityNotFoundException',
      message: /^Schema version is not found\. /,
    });
  }
  assert.equal((await register(client, version(3))).VersionNumber, 4);
  nowMs += 3000;
  await assert.rejects(get(), { name: 'EntityNotFoundException' });
  assert.deepEqual(await versionNumbers(client), [4, 2, 1]);
});

test('a version that is DELETING is neither compared with nor the newest one', async () => {
  await using registry = openRegistry({ deletingMs: 3000, now: () => 1_700_000_000_000 });
  await registry.call('CreateRegistry', { RegistryName: SchemaId.RegistryName });
  const RegistryId = { RegistryName: SchemaId.RegistryName };
  const schema = { ...SchemaId, RegistryId, DataFormat: 'AVRO', Compatibility: 'BACKWARD' };
  await registry.call('CreateSchema', { ...schema, SchemaDefinition: orderSchema() });
  const add = async (field: object) => {
    const request = { SchemaId, SchemaDefinition: orderSchema(field) };
    return (await registry.call('RegisterSchemaVersion', request)).answer.Status;
  };
  const remove = async (Versions: string) =>
    (await registry.call('DeleteSchemaVersions', { SchemaId, Versions })).answer;
  assert.equal(await add({ name: 'note', type: 'int', default: 0 }), 'AVAILABLE');
  assert.deepEqual(await remove('2'), { SchemaVersionErrors: [] });
  assert.equal(await add({ name: 'note', type: 'string', default: '' }), 'AVAILABLE');
  // Version 4 stays PENDING, and version 5 does not.
  await registry.app.inject({
    ...{ method: 'POST', url: '/_local/faults', headers: { 'content-type': 'application/json' } },
    payload: { fault: 'pending', count: 1 },
  });
  assert.equal(await add({ name: 'note', type: 'string', default: 'a' }), 'PENDING');
  assert.equal(await add({ name: 'note', type: 'string', default: 'b' }), 'AVAILABLE');
  assert.deepEqual(await remove('5'), { SchemaVersionErrors: [] });
  assert.match((await remove('3')).Message, /^The latest schema version, 4, is PENDING/);
});
