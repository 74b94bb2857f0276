import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  type PrintedRecord,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTopic } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { foreignView } from './foreign-view.ts';
import { assertAllConsumed, assertObserved } from './observer.ts';
import { type PostedOrder, startLoad } from './order-load.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

test('the orders of two undisturbed services are all consumed once, and another client sees the lag that they export', async (context) => {
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const options = { bootstrapServers, registry, topic };
  const producer = await startProducer(options);
  context.after(() => producer.kill());
  const consumer = await startConsumer({ ...options, context });
  const load = startLoad(context, producer);
  await until('200 orders are acknowledged', () => load.acknowledged().length >= 200);
  await load.stop();
  assert.deepEqual(load.rejected(), []);
  await assertAllConsumed(load, [consumer], { topic, once: true });
  const groupId = `${topic}-group-01`;
  await assertObserved([consumer], { bootstrapServers, groupId, topics: [topic] });
  const view = await foreignView(bootstrapServers, groupId, [topic]);
  assert.equal(view.state, 'Stable');
  assert.equal(view.members, 1);
});

/** What the services would have printed, if they printed these ids. The offset is the number of the letter. */
const printing = (...ids: string[]) => ({
  records: () =>
    ids.map(
      (id) =>
        ({
          ...{ topic: 't', partition: 0, offset: offsetOf(id) },
          value: { order_id: id },
        }) as PrintedRecord,
    ),
});
const offsetOf = (id: string) => id.charCodeAt(0) - 97;
const loadOf = (acknowledged: string[], inDoubt: string[] = []) => ({
  acknowledged: () =>
    acknowledged.map((id) => ({ id, partition: 0, offset: String(offsetOf(id)) }) as PostedOrder),
  inDoubt: () => inDoubt.map((id) => ({ id }) as PostedOrder),
});

test('an order in doubt may be printed or not', async () => {
  await assertAllConsumed(loadOf(['a'], ['b', 'c']), [printing('a'), printing('b')], {
    topic: 't',
    once: true,
  });
});

test('an order that was printed although it was rejected is found', async () => {
  await assert.rejects(
    assertAllConsumed(loadOf(['a']), [printing('a', 'phantom')], { topic: 't' }),
    /phantom \(stdout\) t\/0 offset 15/,
  );
});

test('an order that two consumers printed is found', async () => {
  await assert.rejects(
    assertAllConsumed(loadOf(['a']), [printing('a'), printing('a')], { topic: 't', once: true }),
    /duplicate \(stdout\) t\/0 offset 0/,
  );
});

test('an order that was printed before an earlier one of its partition is found', async () => {
  await assert.rejects(
    assertAllConsumed(loadOf(['a', 'b']), [printing('b', 'a')], { topic: 't' }),
    /reordered \(stdout\) t\/0 offset 0/,
  );
});
