import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createOrderGenerator } from './order-generator.ts';
import { createOrderPoster, outcomeOf } from './order-poster.ts';

const order = createOrderGenerator('posted').next(1_680_745_813_045);

async function withService(
  listener: RequestListener,
  use: (url: URL) => Promise<void>,
): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('only a 201 whose receipt names the order is an acknowledgement', () => {
  const receipt = { order_id: order.order_id, topic: 'orders', partition: 3, offset: '12' };
  assert.equal(outcomeOf(201, JSON.stringify(receipt), order.order_id).kind, 'acknowledged');
  for (const body of ['', '[]', 'null', '{}', '{"order_id":"another"}']) {
    assert.deepEqual(outcomeOf(201, body, order.order_id), {
      kind: 'unknown',
      reason: 'receipt-of-another-order',
    });
  }
  assert.equal(outcomeOf(200, JSON.stringify(receipt), order.order_id).kind, 'unknown');
  assert.equal(outcomeOf(202, JSON.stringify(receipt), order.order_id).kind, 'unknown');
});

test('an answer means refused only when nothing was written, else the outcome is unknown', () => {
  const table: [number, string | undefined, 'refused' | 'unknown', string][] = [
    [400, 'invalid-body', 'refused', 'invalid-body'],
    [422, 'wrong-order', 'refused', 'wrong-order'],
    [429, 'rate-limited', 'refused', 'rate-limited'],
    [404, undefined, 'refused', 'status-404'],
    [503, 'overloaded', 'refused', 'overloaded'],
    [503, 'broker-unavailable', 'refused', 'broker-unavailable'],
    [503, 'registry-unavailable', 'refused', 'registry-unavailable'],
    [503, 'timeout-unknown-outcome', 'unknown', 'timeout-unknown-outcome'],
    [503, undefined, 'unknown', 'status-503'],
    [500, undefined, 'unknown', 'status-500'],
    [502, 'broker-unavailable', 'unknown', 'broker-unavailable'],
  ];
  for (const [status, problem, kind, reason] of table) {
    const body = problem === undefined ? 'x' : `{"type":"urn:order-stream:problem:${problem}"}`;
    assert.deepEqual(outcomeOf(status, body, order.order_id), { kind, reason });
  }
});

test('an order is posted as JSON to /orders under the base path of the URL', async () => {
  const seen: string[] = [];
  await withService(
    (request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers['content-type']}`, body);
        response.writeHead(201).end(JSON.stringify({ order_id: JSON.parse(body).order_id }));
      });
    },
    async (url) => {
      const poster = createOrderPoster({ url: new URL('/shop/', url), connections: 1 });
      assert.equal((await poster.post(order)).kind, 'acknowledged');
      await poster.close();
    },
  );
  assert.deepEqual(seen, ['POST /shop/orders application/json', JSON.stringify(order)]);
});

test('S0-13 without a connection an order is refused, with a lost or late answer unknown, and neither is sent again', async () => {
  let requests = 0;
  let unreachable = new URL('http://127.0.0.1');
  await withService(
    (request, response) => {
      requests += 1;
      if (requests === 1) request.socket.destroy();
      else if (requests > 2) response.writeHead(503).end();
    },
    async (url) => {
      unreachable = url;
      const poster = createOrderPoster({ url, connections: 1, answerTimeoutMs: 200 });
      assert.equal(await poster.reach(), 'UND_ERR_SOCKET');
      assert.deepEqual(await poster.post(order), {
        kind: 'unknown',
        reason: 'UND_ERR_HEADERS_TIMEOUT',
      });
      assert.deepEqual(await poster.post(order), { kind: 'unknown', reason: 'status-503' });
      assert.equal(await poster.reach(), undefined);
      await poster.close();
    },
  );
  assert.equal(requests, 4);

  const poster = createOrderPoster({ url: unreachable, connections: 1 });
  assert.deepEqual(await poster.post(order), { kind: 'refused', reason: 'unreachable' });
  assert.equal(await poster.reach(), 'ECONNREFUSED');
  await poster.close();
});
