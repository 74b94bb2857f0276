import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { topicsOf, withConnection } from './connection.ts';

test('a signal ends the wait for a broker that accepts connections and never answers', async (context) => {
  const stop = new AbortController();
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    stop.abort();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const settings = {
    BOOTSTRAP_SERVERS: [`127.0.0.1:${port}`],
    SECURITY_PROTOCOL: 'PLAINTEXT' as const,
    LOG_LEVEL: 'silent' as const,
  };
  let used = false;
  const connected = withConnection(settings, { stop: stop.signal }, async () => {
    used = true;
  });
  await assert.rejects(connected, { code: 'stopped' });
  assert.equal(used, false);
});

test('the topics are those of the consumer, else that of the producer, else orders', () => {
  assert.deepEqual(topicsOf({ TOPIC_NAMES: ['a', 'b'], TOPIC_NAME: 'c' }), ['a', 'b']);
  assert.deepEqual(topicsOf({ TOPIC_NAME: 'c' }), ['c']);
  assert.deepEqual(topicsOf({}), ['orders']);
});
