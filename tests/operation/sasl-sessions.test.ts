import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTopic } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { assertAllConsumed, assertObserved } from './observer.ts';
import { type OrderLoad, startLoad } from './order-load.ts';

/** A broker whose second listener asks for a password and ends sessions after `sessionMs`. */
async function startSaslBroker(context: TestContext, sessionMs: number) {
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const broker = await startOwnBroker({
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,PROXIED:SASL_PLAINTEXT',
    'listener.name.proxied.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.proxied.plain.sasl.jaas.config': `${login} user_orders="secret";`,
    'connections.max.reauth.ms': String(sessionMs),
  });
  const registry = await startGlueLocal();
  context.after(async () => {
    await registry.close();
    await broker.stop();
  });
  const topic = await createTopic(broker.bootstrapServers);
  await createDeadLetterTopic(broker.bootstrapServers, topic);
  const env = {
    SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    SASL_MECHANISM: 'PLAIN',
    SASL_USERNAME: 'orders',
    SASL_PASSWORD: 'secret',
  };
  return { broker, options: { bootstrapServers: broker.proxiedServers, registry, topic, env } };
}

test('F18 SASL sessions of 2 s are renewed under load and while idle', async (context) => {
  const sessionMs = 2_000;
  const { broker, options } = await startSaslBroker(context, sessionMs);
  const { topic } = options;
  const producer = await startProducer(options);
  context.after(() => producer.kill());
  const consumer = await startConsumer({ ...options, context });
  const faults = new Set<string>();
  const watch = async (forMs: number) => {
    const end = performance.now() + forMs;
    await until('sessions have ended', async () => {
      for (const fault of await consumer.faults('/readyz')) faults.add(fault);
      return performance.now() > end;
    });
  };
  const loads: OrderLoad[] = [];
  const passOrders = async (forMs: number) => {
    const load = startLoad(context, producer, { perSecond: 50 });
    loads.push(load);
    await watch(forMs);
    await load.stop();
  };
  await passOrders(4 * sessionMs);
  await watch(1.5 * sessionMs);
  await passOrders(500);
  assert.deepEqual([...faults], []);
  const all = (of: 'acknowledged' | 'rejected' | 'inDoubt') => loads.flatMap((one) => one[of]());
  assert.deepEqual(all('rejected'), []);
  const load = { acknowledged: () => all('acknowledged'), inDoubt: () => all('inDoubt') };
  await assertAllConsumed(load, [consumer], { topic, once: true });
  assert.equal(await consumer.metric('orders_rebalances_total'), 1);
  const { bootstrapServers } = broker;
  const groupId = `${topic}-group-01`;
  await assertObserved([consumer], { bootstrapServers, groupId, topics: [topic] });
});

test('F18 SASL sessions too short to be renewed are named, and the credentials are not blamed', async (context) => {
  const { options } = await startSaslBroker(context, 1_000);
  const consumer = await startConsumer({ ...options, context, waitUntilReady: false });
  const fault = await until('readiness names the sessions', async () =>
    (await consumer.faults('/readyz')).find((one) => one.includes('sessions of 1000 ms')),
  );
  assert.match(fault, /connections\.max\.reauth\.ms.*at least 1500 ms/);
  assert.doesNotMatch(fault, /credentials/);
});
