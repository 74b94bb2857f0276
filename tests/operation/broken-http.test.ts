import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { rawRequest } from '../../services/order-producer/src/testing/raw-client.ts';
import { acknowledgedIds, orderText, startHttpProducer } from './http-producer.ts';

const producer = await startHttpProducer();
after(() => producer.stop(10_000));

/** `order`: a complete order. `last order`: one with `connection: close`. `end`: the client ends its side. */
type Part = 'order' | 'last order' | 'end' | Buffer;

const bytes = (text: string) => Buffer.from(text, 'latin1');
const chunks = (text: string, headers = {}) =>
  rawRequest(text, { headers: { 'transfer-encoding': 'chunked', ...headers } });
const declared = (length: number, text: string, headers = {}) =>
  rawRequest(text, { headers: { 'content-length': length, ...headers } });
const largeHeaders = rawRequest('', { headers: { 'x-a': 'a'.repeat(20_000) } });
const lengthAndChunks = chunks('1\r\n{\r\n0\r\n\r\n', { 'content-length': '4' });
const hidden = rawRequest(orderText().text);
const csv = { 'content-type': 'text/csv' };

/** The parts that arrive at once, and the statuses of the answers, of which the last ends the connection. */
const exchanges: [string, Part[], number[]][] = [
  ['a Content-Length that is one too small', ['order', bytes('}')], [201]],
  ['bytes that are not HTTP', ['order', bytes('NONSENSE\r\n\r\n')], [201]],
  ['three orders and zeros', ['order', 'order', 'order', Buffer.alloc(100)], [201, 201, 201]],
  ['bytes of TLS', ['order', Buffer.from('16030100c8010000c40303', 'hex')], [201]],
  ['a second request with 20 kB of headers', ['order', largeHeaders, 'order'], [201]],
  ['another order after connection: close', ['last order', 'order'], [201]],
  ['100 kB after connection: close', ['last order', Buffer.alloc(100_000, 'x')], [201]],
  ['the preface of HTTP/2', ['order', bytes('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')], [201]],
  ['CONNECT', ['order', bytes('CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n')], [201]],
  ['a length and chunks at once', ['order', lengthAndChunks], [201]],
  ['half-close', ['order', 'end'], [201]],
  ['three orders and half-close', ['order', 'order', 'order', 'end'], [201, 201, 201]],
  ['a chunk without a size', ['order', chunks('zz\r\n')], [201, 400]],
  ['a trailer that is not one', ['order', chunks('1\r\n{\r\n0\r\n: x\r\n\r\n')], [201, 400]],
  ['a body that half-close cuts', ['order', declared(500, '{'), 'end'], [201, 400]],
  ['a body that is not JSON', ['order', rawRequest('{'), 'order'], [201, 400]],
  ['a body that is too large', ['order', declared(2_000_000, '{'), 'order'], [201, 413]],
  ['an order in a refused body', [rawRequest(hidden, { headers: csv }), 'last order'], [415, 201]],
  ['nothing but bytes that are not HTTP', [bytes('NONSENSE\r\n\r\n')], [400]],
  ['nothing but a length and chunks at once', [lengthAndChunks], [400]],
];

test('F12 orders are answered in their order before a connection ends for bytes that are not HTTP, and no order on the topic has a 4xx', async () => {
  const acknowledged: string[] = [];
  for (const [name, parts, expected] of exchanges) {
    const ids: string[] = [];
    const client = producer.connect();
    const sent = parts.map((part) => {
      if (part === 'end') return Buffer.alloc(0);
      if (typeof part !== 'string') return part;
      const { id, text } = orderText();
      ids.push(id);
      return rawRequest(text, { headers: part === 'last order' ? { connection: 'close' } : {} });
    });
    await client.send(Buffer.concat(sent));
    if (parts.includes('end')) client.socket.end();
    const { statuses, text } = await client.answers();
    assert.deepEqual(statuses, expected, name);
    const answered = acknowledgedIds(text);
    assert.equal(answered.length, expected.filter((status) => status === 201).length, name);
    assert.deepEqual(answered, ids.slice(0, answered.length), `${name}: in the order of requests`);
    assert.equal(text.match(/^x-request-id: \S/gim)?.length, statuses.length, name);
    acknowledged.push(...answered);
  }
  assert.deepEqual((await producer.writtenIds()).sort(), acknowledged.sort());
});

test('F12 clients that leave with an order outstanding disturb no other', async () => {
  for (const leave of ['destroy', 'resetAndDestroy'] as const)
    for (let i = 0; i < 50; i += 1) {
      const client = producer.connect();
      await client.send(rawRequest(orderText().text), i % 2 === 0 ? 'NONSENSE\r\n\r\n' : '');
      client.socket[leave]();
    }
  assert.equal((await producer.post(orderText().text)).status, 201);
  assert.equal(await producer.metric('orders_producer_inflight_bytes'), 0);
});

test('F12 when the service stops, no pipelined order is written without an answer', async () => {
  const client = producer.connect();
  const orders = Array.from({ length: 20 }, () => orderText());
  await client.send(Buffer.concat(orders.map(({ text }) => rawRequest(text))));
  producer.kill('SIGTERM');
  // The signal may come before the orders. Then the connection is closed, and none is written.
  await client.answers().catch(() => {});
  const answered = acknowledgedIds(client.text());
  const sent = orders.map(({ id }) => id);
  assert.deepEqual(answered, sent.slice(0, answered.length));
  assert.equal((await producer.exited).code, 0);
  const written = new Set(await producer.writtenIds());
  assert.deepEqual(
    sent.filter((id) => written.has(id)),
    answered,
  );
});
