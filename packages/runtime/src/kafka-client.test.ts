import assert from 'node:assert/strict';
import { once } from 'node:events';
import type net from 'node:net';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { codecs } from './kafka-codecs.ts';
import { AuthenticationError, protocolErrorType } from './kafka-errors.ts';
import {
  clientOf,
  int16,
  int32,
  mechanisms,
  metadata,
  noAnswer,
  saslAuthenticate,
  saslHandshake,
  startBroker,
  text,
} from './testing/protocol-broker.ts';

test('partition metadata names the leaders, and keeps one connection', async () => {
  const { address, requests, sockets } = await startBroker();
  const { client } = clientOf(address);
  for (let round = 0; round < 2; round += 1) {
    const found = await client.partitionMetadata(['orders']);
    assert.deepEqual(
      found.get('orders')?.map(({ partitionId, leader }) => [partitionId, leader]),
      [[0, 1]],
    );
  }
  assert.equal(sockets.length, 1);
  assert.ok(requests.every(({ body }) => body.includes('unit')));
  assert.equal(client.producesSent(), 0);
  const [closed] = [once(sockets[0] as net.Socket, 'close'), await client.close()];
  await closed;
});

test('a topic that does not exist is absent from the metadata', async () => {
  const { address } = await startBroker(undefined, { topicError: 3 });
  assert.deepEqual(await clientOf(address).client.partitionMetadata(['orders']), new Map());
});

test('a topic that the client is not allowed to describe is an error', async () => {
  const { address } = await startBroker(undefined, { topicError: 29 });
  const described = clientOf(address).client.partitionMetadata(['orders']);
  await assert.rejects(described, (error: Error) => {
    assert.equal(protocolErrorType(error), 'TOPIC_AUTHORIZATION_FAILED');
    return /authorized/i.test(error.message);
  });
});

test('the next call tries an unreachable broker again', async () => {
  const { address, sockets } = await startBroker((_apiKey, _request, connection) => {
    if (connection > 1) return undefined;
    sockets[0]?.destroy();
    return noAnswer;
  });
  const { client } = clientOf(address);
  await assert.rejects(client.partitionMetadata(['orders']));
  assert.equal((await client.partitionMetadata(['orders'])).size, 1);
});

test('an unanswered request closes its connection and is logged', async () => {
  const { address, sockets } = await startBroker((apiKey, request) =>
    apiKey === metadata && request.includes('orders') ? noAnswer : undefined,
  );
  const { client, lines } = clientOf(address, {}, { requestTimeoutMs: 200 });
  const started = performance.now();
  await assert.rejects(client.partitionMetadata(['orders']), /timed out/);
  assert.ok(performance.now() - started < 4_000, 'the given limit, not the default of 5 s');
  assert.ok(sockets[0]?.readableEnded || (await once(sockets[0] as net.Socket, 'close')));
  const line = lines.find(({ msg }) => msg === 'request timed out');
  assert.deepEqual([line?.level, line?.broker], [40, address]);
});

test('dropped connections fail their requests in flight', async () => {
  const { address, requests } = await startBroker((apiKey, request) =>
    apiKey === metadata && request.includes('orders') ? noAnswer : undefined,
  );
  const { client } = clientOf(address);
  const waiting = client.partitionMetadata(['orders']);
  while (!requests.some(({ body }) => body.includes('orders'))) await setImmediate();
  client.dropConnections('new credentials');
  await assert.rejects(waiting);
});

test('failures that kafkajs logs are warnings, and its other lines have the level debug', async () => {
  const { address, server } = await startBroker();
  server.close();
  const { client, lines } = clientOf(address);
  await assert.rejects(client.partitionMetadata([]));
  await client.consumer({ groupId: 'readers' }).stop();
  assert.ok(lines.every(({ library }) => library === 'kafkajs'));
  assert.ok(lines.some(({ level, msg }) => level === 40 && /ECONNREFUSED/.test(msg)));
  assert.deepEqual(lines.at(-1)?.level, 20);
});

const sasl = { SECURITY_PROTOCOL: 'SASL_PLAINTEXT' as const, SASL_USERNAME: 'ann' };

test('S0-15 PLAIN sends the user and the password', async () => {
  const { address, requests } = await startBroker();
  const settings = { ...sasl, SASL_MECHANISM: 'PLAIN' as const, SASL_PASSWORD: 'secret' };
  await clientOf(address, settings).client.partitionMetadata(['orders']);
  const sent = requests.find(({ apiKey }) => apiKey === saslAuthenticate);
  assert.ok(sent?.body.includes('\0ann\0secret'));
});

test('S0-15 the broker receives the name of each SASL mechanism, and its refusal is an AuthenticationError', async () => {
  for (const mechanism of mechanisms) {
    const { address, requests } = await startBroker((apiKey) =>
      apiKey === saslAuthenticate
        ? Buffer.concat([int16(58), text('wrong password'), int32(0)])
        : undefined,
    );
    const settings = { ...sasl, SASL_MECHANISM: mechanism, SASL_PASSWORD: 'secret' };
    const { client } = clientOf(address, settings);
    await assert.rejects(client.partitionMetadata(['orders']), AuthenticationError);
    const handshake = requests.find(({ apiKey }) => apiKey === saslHandshake);
    assert.ok(handshake?.body.includes(mechanism), mechanism);
    const sent = requests.find(({ apiKey }) => apiKey === saslAuthenticate);
    assert.ok(sent?.body.includes('ann'), mechanism);
  }
});

test('S0-15 SSL starts with a TLS handshake, and the certificate file is read at the start', async () => {
  for (const SECURITY_PROTOCOL of ['SSL', 'SASL_SSL'] as const) {
    const { address, server } = await startBroker();
    const { client } = clientOf(address, { SECURITY_PROTOCOL }, { connectionTimeoutMs: 300 });
    const failed = assert.rejects(client.partitionMetadata([]));
    const [connection] = (await once(server, 'connection')) as [net.Socket];
    const [bytes] = (await once(connection, 'data')) as [Buffer];
    assert.equal(bytes[0], 0x16, SECURITY_PROTOCOL);
    connection.destroy();
    await failed;
  }
  const missing = { SECURITY_PROTOCOL: 'SSL' as const, SSL_CA_FILE: '/nowhere/ca.pem' };
  assert.throws(() => clientOf('127.0.0.1:1', missing), { code: 'ENOENT' });
});

test('only the warning about negative timeouts, which kafkajs causes, is silenced', async () => {
  const seen: string[] = [];
  const onWarning = ({ name }: Error) => void seen.push(name);
  process.on('warning', onWarning);
  process.emitWarning('negative', 'TimeoutNegativeWarning');
  process.emitWarning('negative', { type: 'TimeoutNegativeWarning' });
  process.emitWarning('another', 'AnotherWarning');
  await once(process, 'warning');
  process.off('warning', onWarning);
  assert.deepEqual(seen, ['AnotherWarning']);
});

test('kafkajs has codecs for snappy, lz4 and zstd', async () => {
  const { Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;
  const known = kafkajs.CompressionCodecs as unknown as Record<number, () => typeof codecs.snappy>;
  for (const type of [Snappy, LZ4, ZSTD]) {
    const { compress, decompress } = (known[type] as () => typeof codecs.snappy)();
    const buffer = Buffer.from('one record batch');
    assert.deepEqual(Buffer.from(await decompress(await compress({ buffer }))), buffer);
  }
});
