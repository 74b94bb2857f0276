import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { type FastifyInstance, fastify } from 'fastify';
import { endConnectionsOnClose, limitArrival } from './end-connections.ts';
import { createGlueLocal } from './glue-local.ts';

const headers = 'Host: localhost\r\nContent-Type: text/plain\r\n';
const halfOfRequest = `POST / HTTP/1.1\r\n${headers}Content-Length: 100\r\n\r\nabc`;
const wholeRequest = `POST / HTTP/1.1\r\n${headers}Content-Length: 3\r\n\r\nabc`;

/** The limits of Node.js on the time that a request takes to arrive, in milliseconds. */
function limitsOf({ server }: FastifyInstance) {
  const { requestTimeout: request, headersTimeout: headers } = server;
  return { request, headers, check: Reflect.get(server, 'connectionsCheckingInterval') };
}

/** A server whose answers wait for `answer`, and a close that has begun, with timers that the test moves. */
async function closeWith(context: TestContext, requests: readonly string[]) {
  const answers = Promise.withResolvers<string>();
  const asked = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const app = fastify();
  endConnectionsOnClose(app, 8000);
  app.addHook('preClose', async () => begun.resolve());
  app.post('/', () => {
    asked.resolve();
    return answers.promise;
  });
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  context.after(() => app.server.closeAllConnections());
  const sockets: Socket[] = [];
  for (const request of requests) {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    socket.write(request);
    await (request === wholeRequest ? asked.promise : once(app.server, 'connection'));
  }
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const closed = app.close();
  await begun.promise;
  const tick = (ms: number) => context.mock.timers.tick(ms);
  return { closed, sockets, answer: answers.resolve, tick };
}

test('a close ends connections with half a request after 3 s, and waits for an answer', async (context) => {
  for (const half of [halfOfRequest, 'POST / HTTP/1.1\r\nHost:']) {
    const { closed, sockets, answer, tick } = await closeWith(context, [half, wholeRequest]);
    const [incomplete, complete] = sockets as [Socket, Socket];
    let isEnded = false;
    const ended = once(incomplete, 'close').then(() => {
      isEnded = true;
    });
    tick(2999);
    await new Promise(setImmediate);
    assert.equal(isEnded, false);
    tick(1);
    await ended;
    answer('answered');
    assert.match(await text(complete), /answered$/);
    await closed;
    context.mock.timers.reset();
  }
});

test('a close ends a connection whose answer does not come', async (context) => {
  const { closed, sockets, tick } = await closeWith(context, [wholeRequest]);
  const ended = once(sockets[0] as Socket, 'close');
  tick(8000);
  await ended;
  await closed;
});

test('a request whose headers or body do not arrive in time is refused, and so is one that never begins', async (context) => {
  const app = fastify(limitArrival(300));
  assert.deepEqual(limitsOf(app), { request: 300, headers: 300, check: 10 });
  app.post('/', () => 'answered');
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  context.after(() => app.close());
  for (const half of [halfOfRequest, 'POST / HTTP/1.1\r\nHost:', '']) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(half);
    assert.match(await text(socket), /^HTTP\/1\.1 408 /);
  }
});

test('a registry gives a request 30 s to arrive, and checks this every second', async (context) => {
  const app = createGlueLocal({ databaseFile: ':memory:' });
  context.after(() => app.close());
  assert.deepEqual(limitsOf(app), { request: 30_000, headers: 30_000, check: 1000 });
});

test('a registry closes with half a request open', async (context) => {
  const begun = Promise.withResolvers<void>();
  const app = createGlueLocal({ databaseFile: ':memory:' });
  app.addHook('preClose', async () => begun.resolve());
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  context.after(() => app.server.closeAllConnections());
  const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
  const asked = once(app.server, 'request');
  socket.write(halfOfRequest);
  await asked;
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const closed = app.close();
  await begun.promise;
  context.mock.timers.tick(3000);
  await closed;
});
