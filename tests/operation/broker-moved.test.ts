import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { freePort } from '@order-stream/local-stack/ports';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTcpProxy, type TcpProxy } from '@order-stream/local-stack/tcp-proxy';
import { createTopic } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { acceptInSilence } from '../../packages/runtime/src/testing/dead-servers.ts';
import { assertAllConsumed, assertObserved } from './observer.ts';
import { startLoad } from './order-load.ts';

const [broker, registry] = await Promise.all([startOwnBroker(), startGlueLocal()]);
after(async () => {
  await registry.close();
  await broker.stop();
});

test('F10 a broker that moves to another port, then to another host name, is found again by both services', async (context) => {
  const { bootstrapServers } = broker;
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const ports = { first: broker.proxy.port, second: await freePort(), third: await freePort() };
  const servers = [
    `127.0.0.1:${ports.first}`,
    `127.0.0.1:${ports.second}`,
    `localhost:${ports.third}`,
  ];
  const options = { bootstrapServers: servers.join(','), registry, topic };
  const producer = await startProducer(options);
  context.after(() => producer.kill());
  const consumer = await startConsumer({ ...options, context });
  const load = startLoad(context, producer, { perSecond: 50 });
  let proxy: TcpProxy = broker.proxy;
  context.after(() => proxy.close());

  const move = async (port: number, advertised: string) => {
    await broker.kill();
    await proxy.close();
    proxy = await createTcpProxy({ targetPort: broker.proxiedPort, port });
    await broker.start(advertised);
  };
  const where = { bootstrapServers, groupId: `${topic}-group-01`, topics: [topic] };

  await move(ports.second, servers[1] as string);
  await load.flows(20);
  await until('the consumer is ready', async () => (await consumer.faults('/readyz')).length === 0);
  // Like the address of a load balancer that has lost its target.
  await acceptInSilence(ports.first);
  await move(ports.third, servers[2] as string);
  await load.flows(20);
  await load.stop();
  await assertAllConsumed(load, [consumer], { topic });
  await assertObserved([consumer], where);
  // A new member would have waited until the session of the old one expired.
  const members = consumer.logged('joined the group').map(({ memberId }) => memberId);
  assert.equal(new Set(members).size, 1, String(members));
  await until('the producer is ready', async () => (await producer.faults('/readyz')).length === 0);
});
