import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listeningApplication } from './testing/listening-application.ts';
import { rawRequest } from './testing/raw-client.ts';

let server: Awaited<ReturnType<typeof listeningApplication>>;
before(async () => {
  server = await listeningApplication();
});
after(() => server.close());

const rejections: [string, string | Buffer, number, string][] = [
  ['a line that is not HTTP', 'NONSENSE\r\n\r\n', 400, 'bad-request'],
  [
    'large headers',
    rawRequest('', { headers: { 'x-a': 'a'.repeat(20_000) } }),
    431,
    'headers-too-large',
  ],
  ['CONNECT', 'CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n', 405, 'wrong-method'],
  [
    'chunks that are not',
    rawRequest('zz\r\n', { headers: { 'transfer-encoding': 'chunked' } }),
    400,
    'bad-request',
  ],
  ['no Host', 'POST /orders HTTP/1.1\r\ncontent-length: 0\r\n\r\n', 400, 'bad-request'],
];
for (const [name, bytes, status, problem] of rejections)
  test(`${name}: answered ${status} ${problem} with the id of its log line, and the connection ends`, async () => {
    const client = server.connect();
    await client.send(bytes);
    const { statuses, text } = await client.answers();
    assert.deepEqual(statuses, [status]);
    assert.match(text, /content-type: application\/problem\+json/i);
    const document = JSON.parse(text.slice(text.indexOf('\r\n\r\n')));
    assert.equal(document.type, `urn:order-stream:problem:${problem}`);
    const id = /x-request-id: (\S+)/i.exec(text)?.[1];
    assert.ok(id);
    assert.equal(document.request_id, id);
    const line = server.log().find(({ requestId }) => requestId === id);
    assert.equal(line?.problem, problem);
  });

for (const [name, bytes] of [
  ['headers', 'POST /orders HTTP/1.1\r\nhost: x\r\n'],
  ['a body', rawRequest('{"user_id":"a', { headers: { 'content-length': 500 } })],
] as const)
  test(`${name} that arrive too slowly: one answer 408, and nothing is held`, async () => {
    const impatient = await listeningApplication({ timeoutMs: 100 });
    try {
      const client = impatient.connect();
      await client.send(bytes);
      const { statuses, text } = await client.answers();
      assert.deepEqual(statuses, [408]);
      assert.match(text, /problem:request-timeout/);
      assert.match(text, /x-request-id: \S/i);
      assert.equal(impatient.bodyBudget.bytes(), 0);
      assert.equal(impatient.active(), 0);
    } finally {
      await impatient.close();
    }
  });

for (const [name, bytes, statuses] of [
  ['headers', 'POST /orders HTTP/1.1\r\nhost: x\r\n', [201]],
  ['a body', rawRequest('{"user_id":"a', { headers: { 'content-length': 500 } }), [201, 408]],
] as const)
  test(`F12 an order is answered 201 although ${name} behind it came too slowly before its acknowledgement`, async () => {
    const impatient = await listeningApplication({ timeoutMs: 100 });
    try {
      const client = impatient.connect();
      const text = '{"user_id":"a","order_items":[{"product_id":1,"quantity":1}]}';
      await client.send(rawRequest(text), bytes);
      await impatient.connectionFailed();
      await impatient.acknowledge();
      assert.deepEqual((await client.answers()).statuses, statuses);
    } finally {
      await impatient.close();
    }
  });

test('a client that resets its connection after CONNECT, with an order outstanding, disturbs no other', async () => {
  const client = server.connect();
  const text = '{"user_id":"a","order_items":[{"product_id":1,"quantity":1}]}';
  await client.send(rawRequest(text), 'CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n');
  while (server.written() === 0) await new Promise(setImmediate);
  client.socket.resetAndDestroy();
  await server.acknowledge();
  while ((await server.openConnections()) > 0) await new Promise(setImmediate);
  const other = server.connect();
  await other.send('NONSENSE\r\n\r\n');
  assert.deepEqual((await other.answers()).statuses, [400]);
});

test('a request that is answered before its body ends gets no second answer when the body is too slow', async () => {
  const impatient = await listeningApplication({ timeoutMs: 100 });
  try {
    const client = impatient.connect();
    const headers = { 'content-type': 'text/csv', 'content-length': 500 };
    await client.send(rawRequest('a', { headers }));
    assert.deepEqual((await client.answers()).statuses, [415]);
  } finally {
    await impatient.close();
  }
});
