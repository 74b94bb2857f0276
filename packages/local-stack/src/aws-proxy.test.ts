import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { dynamodbFaults } from './aws-faults.ts';
import { awsOperationOf } from './aws-operation.ts';
import { createAwsProxy } from './aws-proxy.ts';
import { until } from './until.ts';

/** A store that answers with what it got, and a proxy before it. */
async function startEcho(context: TestContext) {
  const received: { url: string; bytes: number; complete: boolean }[] = [];
  const server = createServer(async (message, response) => {
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const body = await buffer(message).catch(() => undefined);
    received.push({ url: message.url ?? '', bytes, complete: body !== undefined });
    if (body !== undefined) response.setHeader('x-kept', 'yes').end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await createAwsProxy({
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  context.after(async () => {
    await proxy.close();
    server.closeAllConnections();
    server.close();
  });
  return { proxy, received };
}

const put = (endpoint: string, key: string, body = 'a body') =>
  fetch(`${endpoint}/bucket/${key}`, { method: 'PUT', body });

test('the proxy passes requests and answers on unchanged, and counts them by operation', async (context) => {
  const { proxy, received } = await startEcho(context);
  const answer = await put(proxy.endpoint, 'a%20key');
  assert.equal(await answer.text(), 'a body');
  assert.equal(answer.headers.get('x-kept'), 'yes');
  assert.deepEqual(received, [{ url: '/bucket/a%20key', bytes: 6, complete: true }]);
  assert.deepEqual([...proxy.seen()], [['PutObject', 1]]);
});

test('a rule takes as many matching requests as it says, and the store does not see those that it answers', async (context) => {
  const { proxy, received } = await startEcho(context);
  const rule = proxy.intercept(
    { request: 'PutObject', times: 2, where: ({ url }) => url.endsWith('/b') },
    (exchange) => exchange.reply(dynamodbFaults.throttled),
  );
  const statuses = [];
  for (const key of ['a', 'b', 'b', 'b']) statuses.push((await put(proxy.endpoint, key)).status);
  assert.deepEqual(statuses, [200, 400, 400, 200]);
  assert.equal(received.length, 2);
  await rule.reached;
});

test('a request that is cut inside its body never reaches the store whole, and the client gets no answer', async (context) => {
  const { proxy, received } = await startEcho(context);
  proxy.intercept({ request: 'PutObject' }, async (exchange) => {
    await exchange.forwardPart(50_000);
    exchange.cut();
  });
  await assert.rejects(put(proxy.endpoint, 'a', 'x'.repeat(100_000)));
  const [cut] = await until('the store saw the part', () => received.length > 0 && received);
  assert.equal(cut?.complete, false);
});

test('a request may arrive after its client has lost the connection', async (context) => {
  const { proxy, received } = await startEcho(context);
  const late = Promise.withResolvers<void>();
  proxy.intercept({ request: 'PutObject' }, async (exchange) => {
    exchange.cut();
    await late.promise;
    await exchange.forward();
  });
  await assert.rejects(put(proxy.endpoint, 'a'));
  assert.deepEqual(received, []);
  late.resolve();
  await until('the store has the request', () => received.length === 1);
});

test('while the proxy is down, no request is answered', async (context) => {
  const { proxy } = await startEcho(context);
  proxy.down();
  await assert.rejects(put(proxy.endpoint, 'a'));
  proxy.up();
  assert.equal((await put(proxy.endpoint, 'a')).status, 200);
});

test('the operation of a request is read from its target, its form, or its method and path', () => {
  const none = { headers: {}, body: Buffer.alloc(0) };
  const operations = [
    { ...none, method: 'PUT', url: '/b/k' },
    { ...none, method: 'PUT', url: '/b/k?partNumber=1&uploadId=2' },
    { ...none, method: 'POST', url: '/b/k?uploads' },
    { ...none, method: 'POST', url: '/b/k?uploadId=2' },
    { ...none, method: 'DELETE', url: '/b/k?uploadId=2' },
    { ...none, method: 'HEAD', url: '/b/k' },
    { ...none, method: 'GET', url: '/b?list-type=2' },
    { ...none, method: 'POST', url: '/', headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' } },
    {
      ...{ method: 'POST', url: '/', body: Buffer.from('Action=AssumeRole&Version=2011-06-15') },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
  ].map(awsOperationOf);
  assert.deepEqual(operations, [
    ...['PutObject', 'UploadPart', 'CreateMultipartUpload', 'CompleteMultipartUpload'],
    ...['AbortMultipartUpload', 'HeadObject', 'ListObjectsV2', 'PutItem', 'AssumeRole'],
  ]);
});
