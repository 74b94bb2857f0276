import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createTcpProxy } from './tcp-proxy.ts';

const produce = 0;
/** Of a request: size, API key, version and correlation id. */
const frame = Buffer.alloc(12);
frame.writeInt32BE(8, 0);
frame.writeInt16BE(produce, 4);
frame.writeInt32BE(7, 8);

/** A peer that closes each connection at its first request, and a client that sends one through the proxy. */
async function startPair(context: TestContext) {
  const peer = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.destroy());
  });
  peer.listen(0, '127.0.0.1');
  await once(peer, 'listening');
  const connections: Socket[] = [];
  peer.on('connection', (socket) => connections.push(socket));
  const proxy = await createTcpProxy({ targetPort: (peer.address() as AddressInfo).port });
  context.after(async () => {
    await proxy.close();
    peer.close();
  });
  const send = () => {
    const client = connect(proxy.port, '127.0.0.1');
    client.on('error', () => {});
    client.write(frame);
    return once(client, 'close');
  };
  return { proxy, send, connections };
}

test('a forwarded request is rejected when the broker closes the connection, and the client is cut', async (context) => {
  const { proxy, send } = await startPair(context);
  const failure = Promise.withResolvers<unknown>();
  proxy.intercept({ request: 'Produce' }, async (exchange) => {
    await exchange.forward().catch((error) => {
      failure.resolve(error);
      throw error;
    });
  });
  const closed = send();
  assert.match(String(await failure.promise), /the broker closed the connection/);
  await closed;
});

test('a request that is forwarded after the broker closed the connection is rejected', async (context) => {
  const { proxy, send, connections } = await startPair(context);
  const late = Promise.withResolvers<void>();
  const failure = Promise.withResolvers<unknown>();
  const { reached } = proxy.intercept({ request: 'Produce' }, async (exchange) => {
    await late.promise;
    await exchange.forward().catch(failure.resolve);
  });
  const closed = send();
  await reached;
  for (const connection of connections) connection.destroy();
  await closed;
  late.resolve();
  assert.match(String(await failure.promise), /the broker closed the connection/);
});
