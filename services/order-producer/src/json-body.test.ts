import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listeningApplication } from './testing/listening-application.ts';
import { rawRequest } from './testing/raw-client.ts';

let server: Awaited<ReturnType<typeof listeningApplication>>;
before(async () => {
  server = await listeningApplication();
});
after(() => server.close());

const orderOf = (user: string) =>
  `{"user_id":"${user}","order_items":[{"product_id":1,"quantity":1}]}`;
const close = { connection: 'close' };
const nextTurn = () => new Promise(setImmediate);

async function answered(client: ReturnType<typeof server.connect>) {
  const before = server.written();
  while (server.written() === before) await nextTurn();
  await server.acknowledge();
  return client.answers();
}

test('a body that is not UTF-8 is answered 400', async () => {
  for (const user of ['caf\xe9', '\xc3', '\xed\xa0\x80', '\xff']) {
    const client = server.connect();
    await client.send(rawRequest(Buffer.from(orderOf(user), 'latin1')));
    const { statuses, text } = await client.answers();
    assert.deepEqual(statuses, [400]);
    assert.match(text, /problem:invalid-body.*not valid UTF-8/);
  }
});

test('100 Continue is sent when the body is wanted, and a refusal instead of it when it is not', async () => {
  const expect = { ...close, expect: '100-continue' };
  const client = server.connect();
  const bytes = rawRequest(orderOf('a'), { headers: expect });
  const head = bytes.indexOf('\r\n\r\n') + 4;
  await client.send(bytes.subarray(0, head));
  while (client.statuses().length === 0) await nextTurn();
  assert.deepEqual(client.statuses(), [100]);
  const done = answered(client);
  await client.send(bytes.subarray(head));
  assert.deepEqual((await done).statuses, [100, 201]);
  for (const [headers, status] of [
    [{ expect: '100-continue', 'content-length': 5_000_000 }, 413],
    [{ expect: '100-continue', 'content-length': 50, 'content-type': 'text/csv' }, 415],
    [{ expect: 'something', 'content-length': 50 }, 417],
  ] as const) {
    const refused = server.connect();
    await refused.send(rawRequest('', { headers }));
    assert.deepEqual((await refused.answers()).statuses, [status]);
  }
});

test('HTTP/1.0 gets no 100 Continue', async () => {
  const client = server.connect();
  const done = answered(client);
  await client.send(
    rawRequest(orderOf('a'), { version: '1.0', headers: { expect: '100-continue' } }),
  );
  assert.deepEqual((await done).statuses, [201]);
});
