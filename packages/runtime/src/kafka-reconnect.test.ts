import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { acceptInSilence, dropPackets, refusingPort } from './testing/dead-servers.ts';
import { clientOf, startBroker } from './testing/protocol-broker.ts';

// patches/kafkajs@2.2.4.patch lets a client connect to any known broker or bootstrap server when it has lost its
// connections.

/** How an address without a broker behaves. */
const faults: Record<string, (port: number) => Promise<unknown>> = {
  'refuses connections': async () => {},
  'drops packets': dropPackets,
  'never answers': acceptInSilence,
};

async function assertWithin2s(connect: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await connect();
  assert.ok(performance.now() - started < 2_000);
}

for (const [fault, begin] of Object.entries(faults))
  test(`F01 every kind of client connects within 2 s, although each of two servers before it ${fault}`, async () => {
    const dead = [await refusingPort(), await refusingPort()];
    for (const port of dead) await begin(port);
    const { address } = await startBroker();
    const servers = [...dead.map((port) => `127.0.0.1:${port}`), 'nosuch.invalid:9092', address];
    await assertWithin2s(() => clientOf(servers).client.partitionMetadata(['orders']));
    await assertWithin2s(() => clientOf(servers).client.admin().connect());
    await assertWithin2s(() => clientOf(servers).client.producer({}).connect());
    const consumer = clientOf(servers).client.consumer({ groupId: 'readers' });
    await assertWithin2s(() => consumer.connect());
  });

for (const [fault, begin] of Object.entries(faults))
  test(`F10 the broker is found at its new address, while its old one ${fault}`, async () => {
    const newPort = await refusingPort();
    const old = await startBroker();
    const oldPort = Number(old.address.split(':')[1]);
    const { client } = clientOf([old.address, `127.0.0.1:${newPort}`]);
    const admin = client.admin();
    after(() => admin.disconnect());
    const uses: (() => Promise<unknown>)[] = [
      () => client.partitionMetadata(['orders']),
      () => admin.fetchTopicMetadata({ topics: ['orders'] }),
      () => admin.describeCluster(),
    ];
    await admin.connect();
    for (const use of uses) await use();

    old.server.close();
    for (const socket of old.sockets) socket.destroy();
    await once(old.server, 'close');
    await begin(oldPort);
    await startBroker(undefined, { port: newPort });
    // The first request may still leave on the connection that has just ended.
    for (const use of uses) await assertWithin2s(() => use().catch(use));
    assert.deepEqual(
      (await admin.describeCluster()).brokers.map(({ port }) => port),
      [newPort],
    );
  });
