import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PutSchemaVersionMetadataCommand,
  QuerySchemaVersionMetadataCommand,
  RemoveSchemaVersionMetadataCommand,
} from '@aws-sdk/client-glue';
import { createOrders, SchemaId, startRegistry } from './testing/start-registry.ts';

test('metadata of a version: several values for a key, each once, at most ten pairs', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  const { SchemaVersionId } = await createOrders(client, 'BACKWARD');
  const put = (MetadataKey: string, MetadataValue: string) =>
    client.send(
      new PutSchemaVersionMetadataCommand({
        SchemaVersionId,
        MetadataKeyValue: { MetadataKey, MetadataValue },
      }),
    );
  const answer = await put('x-amz-meta-transport', 'orders');
  assert.equal(answer.SchemaName, 'orders-value');
  assert.deepEqual([answer.VersionNumber, answer.LatestVersion], [1, false]);
  const byLatest = {
    ...{ SchemaId, SchemaVersionNumber: { LatestVersion: true } },
    MetadataKeyValue: { MetadataKey: 'latest', MetadataValue: 'yes' },
  };
  for (const command of [
    new PutSchemaVersionMetadataCommand(byLatest),
    new RemoveSchemaVersionMetadataCommand(byLatest),
  ]) {
    const { LatestVersion, VersionNumber } = await client.send(
      command as PutSchemaVersionMetadataCommand,
    );
    assert.deepEqual([LatestVersion, VersionNumber], [true, 1]);
  }
  await assert.rejects(put('x-amz-meta-transport', 'orders'), {
    name: 'AlreadyExistsException',
    message: `Resource already exist for schema version id: ${SchemaVersionId}, metadata key: x-amz-meta-transport, metadata value: orders`,
  });
  await put('x-amz-meta-transport', 'orders.replayed');
  const query = async (input: object) =>
    (await client.send(new QuerySchemaVersionMetadataCommand({ SchemaVersionId, ...input })))
      .MetadataInfoMap ?? {};
  const all = await query({});
  assert.equal(all['x-amz-meta-transport']?.MetadataValue, 'orders');
  assert.deepEqual(
    all['x-amz-meta-transport']?.OtherMetadataValueList?.map((item) => item.MetadataValue),
    ['orders.replayed'],
  );
  await put('team', 'checkout');
  const matching = async (...MetadataList: object[]) =>
    Object.entries(await query({ MetadataList })).flatMap(([key, info]) => [
      `${key}=${info.MetadataValue}`,
      ...(info.OtherMetadataValueList ?? []).map((other) => `${key}=${other.MetadataValue}`),
    ]);
  const MetadataKey = 'x-amz-meta-transport';
  const [original, replayed] = ['orders', 'orders.replayed'].map(
    (value) => `${MetadataKey}=${value}`,
  );
  assert.deepEqual(await matching({ MetadataKey: 'team' }), ['team=checkout']);
  assert.deepEqual(await matching({ MetadataKey }), [original, replayed]);
  assert.deepEqual(await matching({ MetadataKey, MetadataValue: 'orders.replayed' }), [replayed]);
  assert.deepEqual(await matching({ MetadataValue: 'checkout' }), ['team=checkout']);
  assert.deepEqual(
    await matching({ MetadataKey: 'team' }, { MetadataKey, MetadataValue: 'orders' }),
    ['team=checkout', original],
  );
  assert.deepEqual(await matching({ MetadataKey, MetadataValue: 'checkout' }), []);
  for (let index = 3; index < 10; index += 1) await put('n', `${index}`);
  await assert.rejects(put('n', '10'), { name: 'ResourceNumberLimitExceededException' });

  const remove = (MetadataKey: string, MetadataValue: string) =>
    client.send(
      new RemoveSchemaVersionMetadataCommand({
        SchemaVersionId,
        MetadataKeyValue: { MetadataKey, MetadataValue },
      }),
    );
  const removed = await remove('x-amz-meta-transport', 'orders');
  assert.deepEqual(
    [removed.MetadataKey, removed.MetadataValue],
    ['x-amz-meta-transport', 'orders'],
  );
  assert.equal((await query({}))['x-amz-meta-transport']?.MetadataValue, 'orders.replayed');
  await assert.rejects(remove('x-amz-meta-transport', 'orders'), {
    name: 'EntityNotFoundException',
  });
  await put('n', '10');
});

test('keys of metadata are listed page by page, also while pairs are added and removed', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  const { SchemaVersionId } = await createOrders(client, 'BACKWARD');
  const pair = (MetadataKey: string) => ({
    SchemaVersionId,
    MetadataKeyValue: { MetadataKey, MetadataValue: 'x' },
  });
  for (const key of ['b', 'c', 'd', 'e']) {
    await client.send(new PutSchemaVersionMetadataCommand(pair(key)));
  }
  const first = await client.send(
    new QuerySchemaVersionMetadataCommand({ SchemaVersionId, MaxResults: 2 }),
  );
  assert.deepEqual(Object.keys(first.MetadataInfoMap ?? {}), ['b', 'c']);
  await client.send(new RemoveSchemaVersionMetadataCommand(pair('c')));
  await client.send(new PutSchemaVersionMetadataCommand(pair('a')));
  const second = await client.send(
    new QuerySchemaVersionMetadataCommand({ SchemaVersionId, NextToken: first.NextToken }),
  );
  assert.deepEqual(Object.keys(second.MetadataInfoMap ?? {}), ['d', 'e']);
  assert.equal(second.NextToken, undefined);
});
