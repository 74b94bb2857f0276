import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { createKafkaSockets } from './kafka-sockets.ts';

const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server whose connections arrive in `accepted`. */
async function listen() {
  const accepted: net.Socket[] = [];
  const server = net.createServer((socket) => accepted.push(socket.on('error', () => {})));
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { accepted, server, port: (server.address() as AddressInfo).port };
}

async function connect(sockets: ReturnType<typeof createKafkaSockets>, port: number) {
  const socket = sockets.factory({ host: '127.0.0.1', port, ssl: false as never, onConnect() {} });
  await once(socket, 'connect');
  return socket;
}

/** A request as kafkajs writes it: a size of four bytes, then the API key. */
const request = (apiKey: number) => Buffer.from([0, 0, 0, 4, apiKey >> 8, apiKey & 0xff, 0, 0]);

test('only produce requests are counted, and every request reaches the broker', async () => {
  const { port, accepted } = await listen();
  const sockets = createKafkaSockets();
  const socket = await connect(sockets, port);
  assert.equal(sockets.producesSent(), 0);
  const requests = [request(3), request(0), request(0x100), request(0)];
  for (const bytes of requests) socket.write(bytes);
  socket.write('text');
  assert.equal(sockets.producesSent(), 2);
  socket.end();
  const received: Buffer[] = [];
  for await (const chunk of accepted[0] as net.Socket) received.push(chunk);
  assert.deepEqual(Buffer.concat(received), Buffer.concat([...requests, Buffer.from('text')]));
});

test('a drop closes the connections to that broker only, with the reason', async () => {
  const [one, other] = [await listen(), await listen()];
  const sockets = createKafkaSockets();
  const dropped = [await connect(sockets, one.port), await connect(sockets, one.port)];
  const kept = await connect(sockets, other.port);
  const errors = Promise.all(dropped.map((socket) => once(socket, 'error')));
  sockets.drop(`127.0.0.1:${one.port}`, 'request timed out');
  for (const [error] of await errors) assert.equal(error.message, 'request timed out');
  assert.equal(kept.destroyed, false);
  const [[error]] = await Promise.all([once(kept, 'error'), sockets.dropAll('new credentials')]);
  assert.equal(error.message, 'new credentials');
});

test('only the first socket of a factory for one address goes there, later ones go by the name', async () => {
  const { port } = await listen();
  const factory = createKafkaSockets().factoryTo('127.0.0.1');
  const args = { host: 'nosuch.invalid', port, ssl: false as never, onConnect() {} };
  const first = factory(args);
  await once(first, 'connect');
  first.destroy();
  const [error] = await once(factory(args), 'error');
  assert.equal(error.code, 'ENOTFOUND');
});

test('of a name with several addresses, the one that answered last is tried first', async () => {
  const { port, server } = await listen();
  server.once('connection', (connection) => connection.write('answer'));
  const resolved: string[] = [];
  const addresses = [
    { address: '127.0.0.2', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ];
  const resolve = (host: string, _options: object, callback: (...args: unknown[]) => void) => {
    resolved.push(host);
    process.nextTick(callback, null, [...addresses]);
  };
  const sockets = createKafkaSockets(resolve as never);
  const args = { host: 'brokers', port, ssl: false as never, onConnect() {} };
  const first = sockets.factoryTo('127.0.0.1')(args);
  await once(first, 'data');
  const second = sockets.factory(args);
  const attempts: string[] = [];
  second.on('connectionAttempt', (address) => attempts.push(address));
  await once(second, 'connect');
  for (const socket of [first, second]) socket.destroy();
  assert.deepEqual(attempts, ['127.0.0.1']);
  assert.deepEqual(resolved, ['brokers']);
});

test('of a name with several addresses, one that stops answering is tried last, until it answers again', async () => {
  const { port, server } = await listen();
  const answer = (connection: net.Socket) => connection.write('answer');
  server.on('connection', answer);
  const addresses = ['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 }));
  const resolve = (_host: string, _options: object, callback: (...args: unknown[]) => void) =>
    process.nextTick(callback, null, [...addresses]);
  const sockets = createKafkaSockets(resolve as never);
  const args = { host: 'brokers', port, ssl: false as never, onConnect() {} };
  const begin = async (event: 'data' | 'connect') => {
    const socket = sockets.factoryTo('127.0.0.1')(args);
    await once(socket, event);
    socket.destroy();
    await once(socket, 'close');
  };
  const firstAttempt = async () => {
    const socket = sockets.factory(args);
    const [address] = await once(socket, 'connectionAttempt');
    socket.on('error', () => {}).destroy();
    return address;
  };
  await begin('data');
  assert.equal(await firstAttempt(), '127.0.0.1');
  server.off('connection', answer);
  await begin('connect');
  assert.equal(await firstAttempt(), '127.0.0.2');
  server.on('connection', answer);
  await begin('data');
  assert.equal(await firstAttempt(), '127.0.0.1');
});

test('TLS sends the server name of a host, but not of an address', async () => {
  const hello = async (host: string) => {
    const { port, server } = await listen();
    const socket = createKafkaSockets().factory({ host, port, ssl: {}, onConnect() {} });
    socket.on('error', () => {});
    const [connection] = (await once(server, 'connection')) as [net.Socket];
    const [bytes] = (await once(connection, 'data')) as [Buffer];
    socket.destroy();
    assert.equal(bytes[0], 0x16, 'a TLS handshake');
    return bytes.toString('latin1');
  };
  assert.match(await hello('localhost'), /localhost/);
  assert.doesNotMatch(await hello('127.0.0.1'), /127\.0\.0\.1/);
});
