import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { until } from '@order-stream/local-stack/until';
import { rawRequest } from '../../services/order-producer/src/testing/raw-client.ts';
import { orderText, startHttpProducer } from './http-producer.ts';
import { startLoad } from './order-load.ts';

/** The default of MAX_IN_FLIGHT_BYTES. */
const limitBytes = 16_777_216;
// The flags of the service's image.
const producer = await startHttpProducer({ NODE_OPTIONS: '--max-semi-space-size=16' });
after(() => producer.stop(10_000));

const receiving = () => producer.metric('orders_producer_receiving_bytes');
const nothingIsHeld = () =>
  until(
    'nothing is held',
    async () =>
      (await receiving()) === 0 && (await producer.metric('http_server_active_requests')) === 0,
  );
const peakMiB = () =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${producer.pid}/status`, 'utf8'))?.[1]) / 1_024;
const unfinished = (length: number) =>
  rawRequest(Buffer.alloc(length, ' '), { headers: { 'content-length': 1_048_576 } });

test('F13 500 unfinished bodies of 1 MiB are bounded in bytes, the largest get 503, and the orders of others flow', async (context) => {
  const load = startLoad(context, producer, { lanes: 4 });
  await until('orders flow', () => load.acknowledged().length > 20);
  let mostBytes = 0;
  const clients = Array.from({ length: 500 }, () => producer.connect());
  context.after(() => clients.forEach((client) => void client.socket.destroy()));
  const answered = () => clients.filter((client) => client.statuses().length > 0);
  const body = unfinished(1_048_000);
  // A client that has its answer may be cut off while it sends on.
  void Promise.allSettled(clients.map((client) => client.send(body)));
  await until('all are answered but those that fit', async () => {
    mostBytes = Math.max(mostBytes, await receiving());
    return answered().length >= 500 - 16;
  });
  assert.ok(mostBytes > 0 && mostBytes <= limitBytes, `${mostBytes} bytes were held`);
  const of = (status: number) => answered().filter((client) => client.statuses()[0] === status);
  // On a slow machine, the bytes of some arrive too late.
  assert.equal(of(503).length + of(408).length, answered().length);
  assert.ok(of(503).length >= 100, `${of(503).length} were answered 503`);
  for (const client of of(503)) {
    assert.deepEqual(client.statuses(), [503]);
    assert.match(client.text(), /retry-after: 1\r\n/i);
    assert.match(client.text(), /problem:overloaded/);
  }
  const before = load.acknowledged().length;
  await until('orders flow beside them', () => load.acknowledged().length > before + 50);
  await load.stop();
  assert.deepEqual(load.rejected(), []);
  for (const client of clients) client.socket.destroy();
  await nothingIsHeld();
  // A task has 512 MiB.
  assert.ok(peakMiB() < 400, `the service took ${Math.round(peakMiB())} MiB`);
  const written = (await producer.writtenIds()).sort();
  assert.deepEqual(
    written,
    load
      .acknowledged()
      .map(({ id }) => id)
      .sort(),
  );
});

test('F13 bodies in pieces of one byte and lengths that never arrive take little, and orders of every size pass them', async () => {
  const pieces = '1\r\n \r\n'.repeat(20_000);
  const clients = Array.from({ length: 100 }, () => producer.connect());
  await Promise.all(
    clients.map((client, index) =>
      client.send(
        index % 2 === 0
          ? rawRequest(pieces, { headers: { 'transfer-encoding': 'chunked' } })
          : unfinished(1),
      ),
    ),
  );
  await until('the pieces have arrived', async () => (await receiving()) >= 50 * 20_000);
  assert.ok((await receiving()) <= 50 * 40_000 + 50 * 1_024);
  for (const length of [10, 50_000, 500_000]) {
    const { status } = await producer.post(orderText('u'.repeat(length)).text);
    assert.equal(status, 201, `an order of ${length} bytes`);
  }
  for (const client of clients) client.socket.destroy();
  await nothingIsHeld();
});

test('F13 a body that is too slow is answered 408, and nothing of it is held', async () => {
  const client = producer.connect();
  await client.send(unfinished(600_000));
  await until('the bytes are held', async () => (await receiving()) >= 600_000);
  assert.deepEqual((await client.answers()).statuses, [408]);
  await nothingIsHeld();
});
