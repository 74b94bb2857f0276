import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTopic, readAll } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';

const { broker, registry } = await startBrokerAndRegistry();

const order = { user_id: 'stop', order_items: [{ product_id: 1, quantity: 1 }] };

/** Posts without pause until the service has ended. A refused connection ends a client. */
async function underLoad(stop: (acknowledged: ReadonlySet<string>) => Promise<number | null>) {
  const topic = await createTopic(broker.bootstrapServers);
  const producer = await startProducer({
    bootstrapServers: broker.bootstrapServers,
    registry,
    topic,
  });
  const acknowledged = new Set<string>();
  const refused: number[] = [];
  const clients = Array.from({ length: 16 }, async () => {
    for (;;) {
      const answer = await producer.post(order).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.status === 201) acknowledged.add(String(answer.body.order_id));
      else refused.push(answer.status);
    }
  });
  const stopped = until('orders flow', () => acknowledged.size > 300).then(() =>
    stop(acknowledged),
  );
  current = producer;
  const code = await stopped;
  await Promise.all(clients);
  const keys = new Set(
    (await readAll(broker.bootstrapServers, topic)).map(({ key }) => String(key)),
  );
  const lost = [...acknowledged].filter((id) => !keys.has(`{"order_id": "${id}"}`));
  return { code, lost, refused };
}
let current: Awaited<ReturnType<typeof startProducer>>;

test('P1 SIGKILL loses no order answered 201', async () => {
  const { lost } = await underLoad(async () => {
    current.kill('SIGKILL');
    return (await current.exited).code;
  });
  assert.deepEqual(lost, []);
});

test('P11 after SIGTERM under load, every answer is 201, no order is lost, and the exit code is 0 within 25 s', async () => {
  const { code, lost, refused } = await underLoad(async () => {
    current.kill('SIGTERM');
    return (await current.exited).code;
  });
  assert.equal(code, 0);
  assert.deepEqual(lost, []);
  assert.deepEqual(refused, []);
});
