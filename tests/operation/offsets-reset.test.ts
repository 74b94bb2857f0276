import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTopic, endOffsets, rawKafka } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { assertAllConsumed, assertObserved } from './observer.ts';
import { startLoad } from './order-load.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

test('offsets of a group are moved back only while nobody reads, and then every record from there on is read again', async (context) => {
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const groupId = `${topic}-group-01`;
  const options = { bootstrapServers, registry, topic };
  const producer = await startProducer(options);
  context.after(() => producer.kill());
  const before = await startConsumer({ ...options, context });
  const load = startLoad(context, producer);
  const admin = rawKafka(bootstrapServers).admin();
  context.after(() => admin.disconnect());
  await admin.connect();
  await until('300 orders are acknowledged', () => load.acknowledged().length >= 300);

  const backTo = (offset: number) =>
    admin.setOffsets({
      groupId,
      topic,
      partitions: Array.from({ length: 6 }, (_, partition) => ({
        partition,
        offset: String(offset),
      })),
    });
  await assert.rejects(backTo(0), /UNKNOWN_MEMBER_ID|not empty|must have no running instances/i);
  await load.stop();
  await assertAllConsumed(load, [before], { topic, once: true });
  assert.equal((await before.stop()).code, 0);

  await backTo(10);
  const after = await startConsumer({ ...options, context });
  const ends = await endOffsets(bootstrapServers, topic);
  const expected = [...ends.values()].reduce((sum, end) => sum + Number(end) - 10, 0);
  await until(
    'the records from there on are read again',
    () => after.records().length === expected,
  );
  assert.equal(Math.min(...after.records().map(({ offset }) => offset)), 10);
  await assertObserved([after], { bootstrapServers, groupId, topics: [topic] });
});
