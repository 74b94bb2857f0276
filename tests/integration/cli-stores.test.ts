import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { startMoto } from '@order-stream/local-stack/moto';
import { createBucket } from '@order-stream/local-stack/order-bucket';
import { createTable } from '@order-stream/local-stack/order-table';
import { startService } from '@order-stream/local-stack/service-process';

// On AWS a page has 1000 keys.
const moto = await startMoto({ after }, { MOTO_S3_DEFAULT_MAX_KEYS: '100' });

/** The command in a process of its own, because the AWS SDK reads the environment of the process. */
async function orders(args: string[], env: Record<string, string> = {}) {
  const main = 'packages/orders-cli/src/main.ts';
  const process = await startService({ main, args, env: { ...moto.environment, ...env } });
  const { code } = await process.exited;
  return { code, stdout: process.stdout(), stderr: process.stderr() };
}

test('orders stores create makes the table and the bucket, and a second run changes nothing', async () => {
  const [DYNAMODB_TABLE, S3_BUCKET] = [`items-${randomUUID()}`, `files-${randomUUID()}`];
  const names = { DYNAMODB_TABLE, S3_BUCKET, S3_FORCE_PATH_STYLE: 'true' };
  const create = (created: boolean) => ({
    code: 0,
    stdout: [
      JSON.stringify({
        stores: [
          { kind: 'table', name: DYNAMODB_TABLE, created },
          { kind: 'bucket', name: S3_BUCKET, created },
        ],
      }),
    ],
    stderr: [],
  });
  assert.deepEqual(await orders(['stores', 'create', '--json'], names), create(true));
  assert.deepEqual(await orders(['stores', 'create', '--json'], names), create(false));
  const other = await orders(['stores', 'create'], { ...names, DYNAMODB_KEY: 'id' });
  assert.equal(other.code, 1);
  assert.match(other.stderr.join(), /expected the key id alone, found order_id; .*DYNAMODB_KEY/);
});

test('a region other than us-east-1 gets its bucket', async () => {
  const S3_BUCKET = `files-${randomUUID()}`;
  const env = { S3_BUCKET, AWS_REGION: 'eu-central-1', S3_FORCE_PATH_STYLE: 'true' };
  const { code, stdout } = await orders(['stores', 'create'], env);
  assert.deepEqual([code, stdout], [0, [`bucket ${S3_BUCKET}: created`]]);
});

test('S0-16 without a store or a region, the command names the variables', async () => {
  const { code, stderr } = await orders(['stores', 'create'], { AWS_REGION: '' });
  assert.equal(code, 78);
  assert.match(stderr.join('\n'), /AWS_REGION is required/);
  assert.match(
    (await orders(['stores', 'create'])).stderr.join('\n'),
    /DYNAMODB_TABLE or S3_BUCKET/,
  );
  assert.match((await orders(['files', 'ls'])).stderr.join('\n'), /S3_BUCKET is required/);
  assert.match(
    (await orders(['items', 'get', 'a'])).stderr.join('\n'),
    /DYNAMODB_TABLE is required/,
  );
});

test('orders files ls lists every file below the prefix, over pages', async () => {
  const bucket = await createBucket(moto.endpoint);
  const keys = Array.from({ length: 101 }, (_, i) => `topics/orders/${String(i).padStart(4, '0')}`);
  const put = (Key: string) =>
    bucket.client.send(new PutObjectCommand({ Bucket: bucket.name, Key, Body: 'line\n' }));
  await Promise.all([...keys, 'elsewhere'].map(put));
  const env = { S3_BUCKET: bucket.name, S3_FORCE_PATH_STYLE: 'true' };
  const { code, stdout } = await orders(['files', 'ls', '--json'], env);
  const files = stdout.map((line) => JSON.parse(line) as { key: string; bytes: number });
  assert.equal(code, 0);
  assert.deepEqual(
    files.map(({ key }) => key),
    keys,
  );
  assert.ok(files.every(({ bytes }) => bytes === 5));
  const text = await orders(['files', 'ls', 'else'], env);
  assert.match(text.stdout.join('\n'), /^ {11}5 {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}elsewhere$/);
  const missing = await orders(['files', 'ls'], { ...env, S3_BUCKET: 'no-such-bucket' });
  assert.deepEqual([missing.code, missing.stdout], [1, []]);
  assert.match(missing.stderr.join(), /bucket no-such-bucket: NoSuchBucket/);
});

test('S1-05 orders items get prints an item, and reports a missing one', async () => {
  const table = await createTable(moto.endpoint);
  const item = { order_id: { S: 'a' }, _offset: { N: '9007199254740993' } };
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: item }));
  const env = { DYNAMODB_TABLE: table.name };
  const found = await orders(['items', 'get', 'a', '--json'], env);
  assert.deepEqual(found.stdout, ['{"order_id":"a","_offset":9007199254740993}']);
  const missing = await orders(['items', 'get', 'b'], env);
  assert.deepEqual([missing.code, missing.stdout], [1, []]);
  assert.match(missing.stderr.join(), /no item has order_id 'b'/);
});
