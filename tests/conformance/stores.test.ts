// What the sinks rely on, and how far each stand-in of AWS goes. A sink's test fails in a misleading way where a stand-in
// answers differently from AWS.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { startDynalite } from '@order-stream/local-stack/dynalite';
import { startMoto } from '@order-stream/local-stack/moto';
import { createBucket } from '@order-stream/local-stack/order-bucket';
import { createTable } from '@order-stream/local-stack/order-table';
import { isPortFree } from '@order-stream/local-stack/ports';
import { startS3Mock } from '@order-stream/local-stack/s3mock';
import type { Store, StoreContext } from '@order-stream/local-stack/store';
import { until } from '@order-stream/local-stack/until';

interface TestedStore extends Store {
  /** Stops the store. Called after a test, or after the last test of a file. */
  end(): Promise<void>;
}

const statusOf = async (request: Promise<unknown>): Promise<number | undefined> =>
  request.then(
    () => 200,
    (error) => error.$metadata?.httpStatusCode,
  );

for (const [name, start] of [
  ['moto', startMoto],
  ['S3Mock', startS3Mock],
] as const)
  describe(`${name} as S3`, () => {
    const store = storeOfTheseTests(start);

    test('lists and returns files as they were stored', async () => {
      const bucket = await createBucket(store().endpoint);
      const key = 'topics/orders/partition=0/orders+0+0000000000.json';
      const stored = { ContentType: 'application/json', Metadata: { 'first-offset': '0' } };
      await bucket.client.send(
        new PutObjectCommand({ Bucket: bucket.name, Key: key, Body: '{"ü":1}\n', ...stored }),
      );
      assert.deepEqual(await bucket.keys('topics/orders/'), [key]);
      assert.deepEqual(await bucket.keys('topics/other/'), []);
      const [file] = await bucket.files();
      assert.equal(file?.body.toString(), '{"ü":1}\n');
      assert.equal(file?.contentType, 'application/json');
      assert.deepEqual(file?.metadata, { 'first-offset': '0' });
    });

    test('the second PutObject with If-None-Match: * is answered with 412', async () => {
      const { client, name: Bucket, read } = await createBucket(store().endpoint);
      const put = (Body: string) =>
        statusOf(client.send(new PutObjectCommand({ Bucket, Key: 'a', Body, IfNoneMatch: '*' })));
      assert.deepEqual([await put('first'), await put('second')], [200, 412]);
      assert.equal((await read('a')).body.toString(), 'first');
    });

    test('the second CompleteMultipartUpload with If-None-Match: * is answered with 412', async () => {
      const { client, name: Bucket, read } = await createBucket(store().endpoint);
      const object = { Bucket, Key: 'a' };
      const upload = async (Body: string) => {
        const { UploadId } = await client.send(
          new CreateMultipartUploadCommand({ ...object, Metadata: { range: '0-9' } }),
        );
        const part = { ...object, UploadId, PartNumber: 1 };
        const { ETag } = await client.send(new UploadPartCommand({ ...part, Body }));
        const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
        const last = { ...object, UploadId, MultipartUpload, IfNoneMatch: '*' };
        return statusOf(client.send(new CompleteMultipartUploadCommand(last)));
      };
      assert.deepEqual([await upload('first'), await upload('second')], [200, 412]);
      const file = await read('a');
      assert.equal(file.body.toString(), 'first');
      assert.deepEqual(file.metadata, { range: '0-9' });
    });

    endsCleanly(store);
  });

for (const [name, start] of [
  ['moto', startMoto],
  ['dynalite', startDynalite],
] as const)
  describe(`${name} as DynamoDB`, () => {
    const store = storeOfTheseTests(start);

    // Two neighbours beyond 2^53, which are equal as doubles, and a comparison that differs between numbers and text.
    for (const [lower, higher] of [
      ['9007199254740992', '9007199254740993'],
      ['9223372036854775806', '9223372036854775807'],
      ['9', '10'],
    ] as const)
      test(`a condition on numbers holds for ${lower} < ${higher}, and an item keeps both exactly`, async () => {
        const { client, name: TableName, items } = await createTable(store().endpoint);
        const condition = (offset: string) => ({
          TableName,
          ConditionExpression: 'attribute_not_exists(#offset) OR #offset < :offset',
          ExpressionAttributeNames: { '#offset': '_offset' },
          ExpressionAttributeValues: { ':offset': { N: offset } },
        });
        const order_id = { S: 'a' };
        const put = (offset: string) =>
          outcome(
            client.send(
              new PutItemCommand({
                ...condition(offset),
                Item: { order_id, _offset: { N: offset } },
              }),
            ),
          );
        const remove = (offset: string) =>
          outcome(client.send(new DeleteItemCommand({ ...condition(offset), Key: { order_id } })));
        assert.equal(await put(lower), 'done');
        assert.equal(await put(lower), 'ConditionalCheckFailedException');
        assert.equal(await remove(lower), 'ConditionalCheckFailedException');
        assert.equal(await put(higher), 'done');
        assert.deepEqual((await items()).get('a'), { order_id, _offset: { N: higher } });
        assert.equal(await put(lower), 'ConditionalCheckFailedException');
        assert.equal(await remove('9223372036854775808'), 'done');
        assert.equal((await items()).size, 0);
      });

    test('of writes at the same time whose condition one alone can meet, one is done', async () => {
      const { client, name: TableName } = await createTable(store().endpoint);
      // A long condition leaves time for other writes between its check and the write.
      const ConditionExpression = Array(140).fill('attribute_not_exists(n)').join(' AND ');
      const outcomes = await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          outcome(
            client.send(
              new PutItemCommand({
                TableName,
                Item: { order_id: { S: 'a' }, n: { N: String(n) } },
                ConditionExpression,
              }),
            ),
          ),
        ),
      );
      assert.deepEqual(outcomes.sort(), [
        ...Array(15).fill('ConditionalCheckFailedException'),
        'done',
      ]);
    });

    endsCleanly(store);
  });

async function outcome(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => 'done',
    (error) => error.name,
  );
}

/** Starts one store for all tests of a suite, which may end it themselves. */
function storeOfTheseTests(start: (context: StoreContext) => Promise<Store>): () => TestedStore {
  let store: TestedStore;
  before(async () => {
    let end = async () => {};
    const started = await start({
      after(stop) {
        end = stop;
      },
    });
    store = { ...started, end };
  });
  after(() => store.end());
  return () => store;
}

/** The last test of a suite. */
function endsCleanly(store: () => TestedStore) {
  test('its port is free after its test', async () => {
    const { port, end } = store();
    assert.equal(await isPortFree(port), false);
    await end();
    await until('its port is free', () => isPortFree(port));
  });
}
