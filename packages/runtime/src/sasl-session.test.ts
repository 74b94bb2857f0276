import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { AuthenticationError } from './kafka-errors.ts';
import {
  clientOf,
  mechanisms,
  metadata,
  noAnswer,
  saslAuthenticate,
  saslHandshake,
  startBroker,
} from './testing/protocol-broker.ts';

// patches/kafkajs@2.2.4.patch renews SASL sessions in time, however short the broker makes them.

/** kafkajs measures sessions by `process.hrtime`. */
let nowMs = 0;
beforeEach(() => {
  nowMs = 0;
  mock.method(process, 'hrtime', ([seconds, nanoseconds]: [number, number] = [0, 0]) => {
    const ms = nowMs - seconds * 1_000 - nanoseconds / 1e6;
    return [Math.floor(ms / 1_000), (ms % 1_000) * 1e6];
  });
});
afterEach(() => mock.restoreAll());

const plain = {
  SECURITY_PROTOCOL: 'SASL_PLAINTEXT' as const,
  SASL_MECHANISM: 'PLAIN' as const,
  SASL_USERNAME: 'ann',
  SASL_PASSWORD: 'secret',
};

for (const [sessionMs, renewedAfterMs] of [
  [1_500, 1_100],
  [2_000, 1_100],
  [5_000, 2_500],
  [15_000, 7_500],
  [60_000, 50_000],
] as const)
  test(`F18 a session of ${sessionMs} ms is renewed after ${renewedAfterMs} ms, again and again`, async () => {
    const { address, requests } = await startBroker(undefined, { sessionMs });
    const { client } = clientOf(address, plain);
    const handshakes = () => requests.filter(({ apiKey }) => apiKey === saslHandshake).length;
    await client.partitionMetadata(['orders']);
    for (let renewals = 0; renewals < 3; renewals += 1) {
      assert.equal(handshakes(), 1 + renewals);
      nowMs += renewedAfterMs - 1;
      await client.partitionMetadata(['orders']);
      assert.equal(handshakes(), 1 + renewals);
      nowMs += 1;
      await client.partitionMetadata(['orders']);
    }
  });

test('F18 no other request is sent during a renewal, and concurrent requests share it', async () => {
  const { address, requests, sockets } = await startBroker(undefined, { sessionMs: 5_000 });
  const { client } = clientOf(address, plain);
  await client.partitionMetadata(['orders']);
  nowMs += 2_499;
  requests.splice(0);
  const early = client.partitionMetadata(['orders']);
  nowMs += 1;
  await Promise.all([early, client.partitionMetadata(['orders'])]);
  const order = requests.map(({ apiKey }) => apiKey);
  assert.deepEqual(order.slice(0, 2), [saslHandshake, saslAuthenticate]);
  assert.ok(order.slice(2).every((apiKey) => apiKey === metadata));
  assert.equal(sockets.length, 1);
});

test('F18 a session too short to be renewed is a fault that names it and does not blame the credentials', async () => {
  const { address } = await startBroker(undefined, { sessionMs: 1_499 });
  await assert.rejects(clientOf(address, plain).client.partitionMetadata([]), (error: Error) => {
    assert.ok(!(error instanceof AuthenticationError));
    assert.match(error.message, /sessions of 1499 ms .*connections\.max\.reauth\.ms.* 1500 ms/);
    return true;
  });
});

for (const SaslMechanism of mechanisms)
  test(`F18 a connection that ends during ${SaslMechanism} is not blamed on the credentials`, async () => {
    const { address, sockets } = await startBroker((apiKey, _request, connection) => {
      if (apiKey !== saslAuthenticate) return undefined;
      sockets[connection - 1]?.destroy();
      return noAnswer;
    });
    const { client } = clientOf(address, { ...plain, SASL_MECHANISM: SaslMechanism });
    await assert.rejects(client.partitionMetadata([]), (error: Error) => {
      assert.ok(!(error instanceof AuthenticationError));
      assert.doesNotMatch(error.message, /credentials/);
      return true;
    });
  });
