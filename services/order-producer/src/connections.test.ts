import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listeningApplication } from './testing/listening-application.ts';
import { rawRequest } from './testing/raw-client.ts';

let server: Awaited<ReturnType<typeof listeningApplication>>;
before(async () => {
  server = await listeningApplication();
});
after(() => server.close());

const text = '{"user_id":"a","order_items":[{"product_id":1,"quantity":1}]}';
const order = rawRequest(text);
const lastOrder = rawRequest(text, { headers: { connection: 'close' } });
const largeHeaders = rawRequest(text, { headers: { 'x-a': 'a'.repeat(20_000) } });
const chunked = (body: string, headers: Record<string, string> = {}) =>
  rawRequest(body, { headers: { 'transfer-encoding': 'chunked', ...headers } });
const chunk = (content: string) => `${content.length.toString(16)}\r\n${content}\r\n`;
const end = Symbol('the client ends its side');

type Piece = string | Buffer | typeof end;

/** Sends everything before any order is acknowledged, and returns the answers. */
async function exchange(pieces: readonly Piece[], orders: number) {
  const writtenBefore = server.written();
  const client = server.connect();
  const bytes = pieces.filter((piece) => piece !== end);
  await client.send(Buffer.concat(bytes.map((piece) => Buffer.from(piece))));
  if (pieces.includes(end)) client.socket.end();
  while (server.written() < writtenBefore + orders) await new Promise(setImmediate);
  await server.acknowledge();
  const answers = await client.answers();
  return { ...answers, written: server.written() - writtenBefore };
}

const garbage: [string, Piece[], number[]][] = [
  ['one byte more than the declared length', [order, '}'], [201]],
  ['a text that is not HTTP', [order, 'NONSENSE\r\n\r\n'], [201]],
  ['bytes of TLS', [order, Buffer.from('16030100c8010000c40303', 'hex')], [201]],
  ['headers that are too large', [order, largeHeaders, order], [201]],
  ['the preface of HTTP/2', [order, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], [201]],
  ['CONNECT', [order, 'CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n'], [201]],
  ['a length and chunks at once', [order, chunked(chunk(text), { 'content-length': '4' })], [201]],
  ['garbage behind three orders', [order, order, order, '\0'], [201, 201, 201]],
  ['another order after `connection: close`', [lastOrder, order], [201]],
  ['garbage after `connection: close`', [lastOrder, 'x'.repeat(100_000)], [201]],
  ['another order after HTTP/1.0', [rawRequest(text, { version: '1.0' }), order], [201]],
  ['the end of the client', [order, end], [201]],
  ['the end of the client behind three orders', [order, order, order, end], [201, 201, 201]],
  ['a chunk without a size', [order, chunked('zz\r\n')], [201, 400]],
  ['a trailer that is not one', [order, chunked(`${chunk(text)}0\r\n: x\r\n\r\n`)], [201, 400]],
  [
    'a body that ends too soon',
    [order, rawRequest('{', { headers: { 'content-length': 9 } }), end],
    [201, 400],
  ],
  ['a body that is not JSON', [order, rawRequest('{'), order], [201, 400]],
  [
    'a body that is too large',
    [order, rawRequest('{', { headers: { 'content-length': 2_000_000 } }), order],
    [201, 413],
  ],
  [
    'a refused body that breaks',
    [order, chunked('zz\r\n', { 'content-type': 'text/csv' })],
    [201, 415],
  ],
  [
    'a refused body and an order',
    [rawRequest(text, { headers: { 'content-type': 'text/csv' } }), order, end],
    [415, 201],
  ],
  [
    'a URL that is not one',
    [order, rawRequest(text, { path: '/%zz' }), order, end],
    [201, 400, 201],
  ],
];
for (const [name, pieces, expected] of garbage)
  test(`orders are answered in their order, and no written one by an error, before ${name}`, async () => {
    const orders = expected.filter((status) => status === 201).length;
    const { statuses, written } = await exchange(pieces, orders);
    assert.deepEqual(statuses, expected);
    assert.equal(written, orders);
    assert.equal(server.active(), 0);
  });

test('while the service stops, each pipelined order is answered, and the last answer ends the connection', async () => {
  const stopping = await listeningApplication();
  try {
    const client = stopping.connect();
    await client.send(Buffer.concat([order, order, order]));
    while (stopping.written() < 3) await new Promise(setImmediate);
    stopping.stop();
    await stopping.acknowledge();
    const { statuses, text: answers } = await client.answers();
    assert.deepEqual(statuses, [201, 201, 201]);
    assert.equal(answers.match(/connection: close/gi)?.length, 1);
    assert.match(answers.slice(answers.lastIndexOf('HTTP/1.1')), /connection: close/i);
  } finally {
    await stopping.close();
  }
});

const tenMegabytes = Buffer.alloc(10_000_000, ' ');
const refused: [string, Buffer | string, Record<string, string | number>, string, number][] = [
  ['a body that is too large', tenMegabytes, {}, '/orders', 413],
  [
    'chunks that become too large',
    chunk(String(tenMegabytes)),
    { 'transfer-encoding': 'chunked' },
    '/orders',
    413,
  ],
  ['another type', tenMegabytes, { 'content-type': 'text/csv' }, '/orders', 415],
  [
    'another type in chunks',
    chunk('a,b'),
    { 'content-type': 'text/csv', 'transfer-encoding': 'chunked' },
    '/orders',
    415,
  ],
  ['an unknown path', tenMegabytes, {}, '/nowhere', 413],
  ['a coding', tenMegabytes, { 'content-encoding': 'gzip' }, '/orders', 415],
];
for (const [name, body, headers, path, status] of refused)
  test(`a client that sends all before it reads gets ${status} for ${name}, and then the end`, async () => {
    const client = server.connect();
    client.socket.pause();
    await client.send(rawRequest(body, { headers, path }));
    client.socket.resume();
    const { statuses, text: answer } = await client.answers();
    assert.deepEqual(statuses, [status]);
    assert.match(answer, /connection: close/i);
    assert.equal(server.bodyBudget.bytes(), 0);
  });

test('a client that sends without end after its answer is cut off', async () => {
  const client = server.connect();
  await client.send(rawRequest('', { headers: { 'content-length': 1e12 } }));
  let sent = 0;
  while (!client.socket.destroyed) {
    await client.send(tenMegabytes);
    sent += tenMegabytes.length;
    assert.ok(sent < 500_000_000, 'the connection is still open');
  }
  assert.deepEqual(client.statuses(), [413]);
});

for (const [method, path, type, status] of [
  ['PUT', '/orders', 'application/json', 405],
  ['POST', '/nowhere', 'application/json', 404],
  ['POST', '/orders', 'text/csv', 415],
] as const)
  test(`a connection stays open after ${status} for a short body`, async () => {
    const client = server.connect();
    const headers = { 'content-type': type };
    await client.send(rawRequest(text, { method, path, headers }), lastOrder);
    const before = server.written();
    while (server.written() === before) await new Promise(setImmediate);
    await server.acknowledge();
    assert.deepEqual((await client.answers()).statuses, [status, 201]);
  });
