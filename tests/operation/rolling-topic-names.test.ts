import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  type ConsumerProcess,
  createDeadLetterTopic,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTopic, isAllCommitted } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { assertAllConsumed, assertObserved } from './observer.ts';
import { type OrderLoad, startLoad } from './order-load.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

test('F04 the rolling change of TOPIC_NAMES, as in the runbook: every order of both topics is consumed, in order', async (context) => {
  const before = await createTopic(bootstrapServers, { prefix: 'before' });
  await createDeadLetterTopic(bootstrapServers, before);
  const groupId = `${before}-group-01`;
  const all: ConsumerProcess[] = [];

  async function member(topics: string[], env: Record<string, string> = {}) {
    const consumer = await startConsumer({
      ...{ bootstrapServers, registry, context, topic: topics.join() },
      env: { HEARTBEAT_INTERVAL_MS: '500', ...env },
    });
    all.push(consumer);
    return consumer;
  }

  /** Starts each new member before the old one stops, as ECS does, while orders arrive. */
  async function roll(
    old: ConsumerProcess[],
    start: () => Promise<ConsumerProcess>,
    beforeStop: (started: ConsumerProcess[]) => Promise<void> = async () => undefined,
  ) {
    const members: ConsumerProcess[] = [];
    for (const one of old) {
      members.push(await start());
      await beforeStop(members);
      await one.stop(30_000);
    }
    return members;
  }

  async function ordersInto(topic: string) {
    const producer = await startProducer({ bootstrapServers, registry, topic });
    context.after(() => producer.kill());
    return startLoad(context, producer, { perSecond: 60 });
  }

  const first = [await member([before]), await member([before])];
  const oldOrders = await ordersInto(before);
  const after = await createTopic(bootstrapServers, { prefix: 'after' });
  await createDeadLetterTopic(bootstrapServers, after);
  // Earlier than the runbook says, so that both topics have orders while both lists are in the group.
  const newOrders = await ordersInto(after);
  const both = await roll(
    first,
    () => member([before, after]),
    async (members) => {
      await until('the new topic is read while the old list is in the group', () =>
        members.some((one) => one.records().some(({ topic }) => topic === after)),
      );
    },
  );
  await oldOrders.stop();
  await until('the old topic is empty', () => isAllCommitted(bootstrapServers, groupId, before));
  const last = await roll(both, () => member([after], { GROUP_ID: groupId }));
  await newOrders.stop();

  for (const [topic, load] of [
    [before, oldOrders],
    [after, newOrders],
  ] as [string, OrderLoad][]) {
    assert.deepEqual(load.rejected(), []);
    await assertAllConsumed(load, all, { topic });
    for (const consumer of all) assertInOrder(consumer, topic, all);
  }
  await assertObserved(last, { bootstrapServers, groupId, topics: [after] });
  for (const consumer of all)
    assert.deepEqual(
      consumer.stderr().filter((line) => line.includes('assigned to no member')),
      [],
    );
});

/**
 * Asserts that a member printed each partition in ascending order, and left out only what another member printed. It may begin
 * again at a lower offset, after a rebalance.
 */
function assertInOrder(consumer: ConsumerProcess, topic: string, all: readonly ConsumerProcess[]) {
  const places = (one: ConsumerProcess) => one.records().filter((record) => record.topic === topic);
  const elsewhere = new Set(
    all
      .filter((one) => one !== consumer)
      .flatMap(places)
      .map(({ partition, offset }) => `${partition}/${offset}`),
  );
  const last = new Map<number, number>();
  for (const { partition, offset } of places(consumer)) {
    const previous = last.get(partition) ?? offset - 1;
    for (let skipped = previous + 1; skipped < offset; skipped += 1)
      assert.ok(elsewhere.has(`${partition}/${skipped}`), `${partition}/${skipped} was skipped`);
    last.set(partition, offset);
  }
}
