import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listeningApplication } from './testing/listening-application.ts';
import { rawRequest } from './testing/raw-client.ts';

let server: Awaited<ReturnType<typeof listeningApplication>>;
before(async () => {
  server = await listeningApplication({ maxPartialBytes: 2_000_000 });
});
after(() => server.close());

const orderOf = (user: string) =>
  `{"user_id":"${user}","order_items":[{"product_id":1,"quantity":1}]}`;
const close = { connection: 'close' };
const nextTurn = () => new Promise(setImmediate);

async function receives(bytes: number): Promise<void> {
  while (server.bodyBudget.bytes() < bytes) await nextTurn();
}

async function answered(client: ReturnType<typeof server.connect>) {
  const before = server.written();
  while (server.written() === before) await nextTurn();
  await server.acknowledge();
  return client.answers();
}

test('a body in pieces takes at most twice its bytes, and nothing when it has ended', async () => {
  const text = orderOf('é'.repeat(5_000));
  const client = server.connect();
  client.socket.setNoDelay(true);
  const bytes = rawRequest(text, { headers: close });
  const head = bytes.indexOf('\r\n\r\n') + 4;
  await client.send(bytes.subarray(0, head + 1));
  await receives(1);
  for (let at = head + 1; at < bytes.length - 1; at += 1) {
    await client.send(bytes.subarray(at, at + 1));
    assert.ok(server.bodyBudget.bytes() <= Math.max(1_024, 2 * (at - head + 1)));
  }
  const done = answered(client);
  await client.send(bytes.subarray(-1));
  assert.deepEqual((await done).statuses, [201]);
  assert.equal(server.bodyBudget.bytes(), 0);
});

test('the largest unfinished body is answered 503 with Retry-After when too much has arrived, and small orders flow', async () => {
  const unfinished = Array.from({ length: 5 }, () => server.connect());
  for (const client of unfinished)
    await client.send(
      rawRequest(Buffer.alloc(1_048_000, ' '), { headers: { 'content-length': 1_048_576 } }),
    );
  const rejected = () => unfinished.filter((client) => client.statuses().length > 0);
  while (rejected().length < 4) await nextTurn();
  for (const client of rejected()) {
    const { statuses, text } = await client.answers();
    assert.deepEqual(statuses, [503]);
    assert.match(text, /problem:overloaded/);
    assert.match(text, /retry-after: 1/i);
  }
  const small = server.connect();
  const done = answered(small);
  const bytes = rawRequest(orderOf('small'), { headers: close });
  await small.send(bytes.subarray(0, -10));
  await nextTurn();
  await small.send(bytes.subarray(-10));
  assert.deepEqual((await done).statuses, [201]);
  assert.ok(server.bodyBudget.bytes() <= 2_000_000);
  for (const client of unfinished) client.socket.destroy();
  while (server.bodyBudget.bytes() > 0) await nextTurn();
  assert.equal(server.active(), 0);
});

for (const [name, leave] of [
  ['ends its side', 'end'],
  ['resets the connection', 'resetAndDestroy'],
] as const)
  test(`nothing is held of a body whose client ${name}`, async () => {
    const client = server.connect();
    await client.send(rawRequest('{"user_id":"a', { headers: { 'content-length': 500 } }));
    await receives(1);
    client.socket[leave]();
    if (leave === 'end') assert.deepEqual((await client.answers()).statuses, [400]);
    while (server.bodyBudget.bytes() > 0 || server.active() > 0) await nextTurn();
  });

test('declared bytes that do not arrive are not counted', async () => {
  const clients = Array.from({ length: 20 }, () => server.connect());
  for (const client of clients)
    await client.send(rawRequest('{', { headers: { 'content-length': 1_048_576 } }));
  await receives(20 * 1_024);
  assert.equal(server.bodyBudget.bytes(), 20 * 1_024);
  for (const client of clients) client.socket.destroy();
  while (server.bodyBudget.bytes() > 0) await nextTurn();
});

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
    const { statuses, text } = await refused.answers();
    assert.deepEqual(statuses, [status]);
    // Otherwise the next request of a client that keeps its body back would be read as the body.
    assert.match(text, /connection: close/i);
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
