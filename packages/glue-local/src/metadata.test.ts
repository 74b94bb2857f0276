import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PutSchemaVersionMetadataCommand,
  QuerySchemaVersionMetadataCommand,
} from '@aws-sdk/client-glue';
import { createOrders, startRegistry } from './testing/start-registry.ts';

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
  assert.equal(answer.LatestVersion, true);
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
  assert.deepEqual(Object.keys(await query({ MetadataList: [{ MetadataKey: 'team' }] })), ['team']);
  for (let index = 3; index < 10; index += 1) await put('n', `${index}`);
  await assert.rejects(put('n', '10'), { name: 'ResourceNumberLimitExceededException' });
});
