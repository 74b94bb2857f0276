import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listeningEndpoint } from '../../testing/listening-endpoint.ts';
import { setVariables } from '../../testing/set-variables.ts';
import { createTableClient, TableTimeoutError } from './table-client.ts';
import { startTableServer } from './testing/table-server.ts';

async function startClient(context: TestContext, region?: string) {
  const server = await startTableServer(context);
  setVariables(context, {
    AWS_REGION: region === undefined ? 'us-east-1' : undefined,
    AWS_ENDPOINT_URL_DYNAMODB: server.endpoint,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const options = { table: 'orders', key: 'order_id', region, maxSockets: 2 };
  const client = await createTableClient(options);
  context.after(() => client.close());
  return { server, client };
}

const key = { order_id: { S: 'a' } };
const change = (offset: bigint, item?: object) =>
  ({
    ...{ key, item, bytes: 1, identity: 'a' },
    position: { topic: 'orders', partition: 0, offset, timestamp: 0n },
  }) as Parameters<Awaited<ReturnType<typeof createTableClient>>['apply']>[0];
const { signal } = new AbortController();

test('S1-05 an item is put, and a change without one deletes it, on the condition of its position', async (context) => {
  const { server, client } = await startClient(context, 'eu-west-1');
  const putting = client.apply(change(5n, { ...key, text: { S: 'x' } }), signal);
  const put = await server.next();
  assert.deepEqual(
    [put.action, put.offset, put.item],
    ['PutItem', '5', { ...key, text: { S: 'x' } }],
  );
  put.succeed();
  await putting;
  const deleting = client.apply(change(6n), signal);
  const deletion = await server.next();
  assert.deepEqual([deletion.action, deletion.offset, deletion.item], ['DeleteItem', '6', key]);
  deletion.fail('ConditionalCheckFailedException');
  await deleting;
});

test('S1-05 a request is not repeated by the client, and its error has no content of the item', async (context) => {
  const { server, client } = await startClient(context);
  const refused = client.apply(change(0n, key), signal);
  (await server.next()).fail('ValidationException', { message: 'Type mismatch for key: secret' });
  await assert.rejects(refused, {
    ...{ name: 'ItemRejectedError' },
    message: '/order_id: expected the type of the key of table orders',
  });
  const failing = client.apply(change(0n, key), signal);
  (await server.next()).fail('InternalServerError', { status: 500 });
  await assert.rejects(failing, { name: 'InternalServerError' });
  assert.equal(server.waiting.length, 0);
});

test('S1-05 a request ends with its signal', async (context) => {
  const { server, client } = await startClient(context);
  const over = new AbortController();
  const sending = client.apply(change(0n, key), over.signal);
  await server.next();
  over.abort();
  await assert.rejects(sending, { name: 'AbortError' });
});

const credentials = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult><Credentials>
    <AccessKeyId>a</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
    <Expiration>2099-01-01T00:00:00Z</Expiration>
  </Credentials></AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>`;

/** A server in place of STS that answers when asked to. Its endpoint and a web identity token are in the environment. */
async function startTokenService(context: TestContext) {
  const arrived = Promise.withResolvers<void>();
  const mayAnswer = Promise.withResolvers<void>();
  const server = createServer(async (_, response) => {
    arrived.resolve();
    await mayAnswer.promise;
    response.writeHead(200, { 'content-type': 'text/xml' }).end(credentials);
  });
  const folder = mkdtempSync(join(tmpdir(), 'table-client-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const token = join(folder, 'token');
  writeFileSync(token, 'token');
  setVariables(context, {
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_PROFILE: undefined,
    AWS_ENDPOINT_URL_STS: await listeningEndpoint(context, server),
    AWS_WEB_IDENTITY_TOKEN_FILE: token,
    AWS_ROLE_ARN: 'arn:aws:iam::000000000000:role/orders',
  });
  return { arrived: arrived.promise, answer: mayAnswer.resolve };
}

test('S1-05 a request whose credentials come too late is not sent', async (context) => {
  const { server, client } = await startClient(context);
  const tokens = await startTokenService(context);
  const begunAt = performance.now();
  await assert.rejects(client.apply(change(0n, key), signal), (error) => {
    assert.ok(error instanceof TableTimeoutError);
    assert.deepEqual([error.code, error.retryable], ['table-timeout', true]);
    assert.equal(error.message, 'no answer within 2300 ms, credentials included');
    return true;
  });
  assert.ok(performance.now() - begunAt >= 2_290);
  await tokens.arrived;
  const later = client.apply(change(1n, key), signal);
  tokens.answer();
  const request = await server.next();
  assert.equal(request.offset, '1');
  request.succeed();
  await later;
  assert.equal(server.waiting.length, 0);
});
