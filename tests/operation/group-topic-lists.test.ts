import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  type ConsumerProcess,
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { addPartitions, createTopic, rawKafka, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import kafkajs from 'kafkajs';
import { assertAllConsumed, assertObserved } from './observer.ts';

const { AssignerProtocol } = kafkajs;
const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

/** Two topics, and functions that start members of one group. */
async function twoTopics(context: TestContext, partitions = 6) {
  const a = await createTopic(bootstrapServers, { prefix: 'a', partitions });
  const b = await createTopic(bootstrapServers, { prefix: 'b', partitions });
  for (const topic of [a, b]) await createDeadLetterTopic(bootstrapServers, topic);
  const groupId = `${a}-group-01`;
  const start = { bootstrapServers, registry };
  return {
    ...{ a, b, groupId },
    /** Without GROUP_ID: the group is named after the first topic. */
    member: (topics: string[], options: { env?: Record<string, string> } = {}) =>
      startConsumer({
        ...start,
        ...options,
        topic: topics.join(),
        env: { HEARTBEAT_INTERVAL_MS: '500', ...options.env },
        context,
      }),
    /** A member as a consumer of the version before, or of another program, is one: kafkajs's own assigner. */
    async foreignMember(topics: string[]) {
      const consumer = rawKafka(bootstrapServers).consumer({ groupId, heartbeatInterval: 500 });
      let assignment: Record<string, number[]> = {};
      consumer.on('consumer.group_join', ({ payload }) => {
        assignment = payload.memberAssignment;
      });
      context.after(() => consumer.disconnect());
      await consumer.connect();
      await consumer.subscribe({ topics, fromBeginning: true });
      const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
      await consumer.run({ autoCommit: false, eachBatch: async () => undefined });
      await joined;
      return { assignment: () => assignment, leave: () => consumer.disconnect() };
    },
    /** Writes orders to both topics, and asserts that the members print all of them. */
    async assertBothConsumed(members: readonly ConsumerProcess[]) {
      for (const topic of [a, b]) {
        const frame = await orderFramer(registry, topic);
        const orders = numberedOrders(0, 100);
        await writeRaw(bootstrapServers, topic, orders.map(frame));
        const acknowledged = orders.map(({ order_id }) => ({ id: order_id }));
        const load = { acknowledged: () => acknowledged, inDoubt: () => [] };
        await assertAllConsumed(load, members, { topic });
      }
      await assertObserved(members, { bootstrapServers, groupId, topics: [a, b] });
    },
  };
}

/** Owners of each partition of a topic, as the coordinator describes them, if they subscribed to the topic. */
async function readers(groupId: string, topic: string): Promise<number[]> {
  const admin = rawKafka(bootstrapServers).admin();
  const { groups } = await admin
    .connect()
    .then(() => admin.describeGroups([groupId]))
    .finally(() => admin.disconnect());
  return (groups[0]?.members ?? []).flatMap(({ memberMetadata, memberAssignment }) => {
    const subscribed = AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? [];
    const assigned = AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {};
    return subscribed.includes(topic) ? (assigned[topic] ?? []) : [];
  });
}

const otherLists =
  'other members of the group have another TOPIC_NAMES: each topic is read by the members that list it';

// The tests mostly wait.
suite('members of one group with different lists', { concurrency: 3 }, () => {
  for (const order of ['the shorter list first', 'the longer list first'])
    test(`F04 two lists of topics in one group, ${order}: every topic is read, and both members say that the lists differ`, async (context) => {
      const { a, b, member, assertBothConsumed } = await twoTopics(context);
      const lists = order === 'the shorter list first' ? [[a], [a, b]] : [[a, b], [a]];
      const members: ConsumerProcess[] = [];
      for (const list of lists) members.push(await member(list));
      const longer = lists[0]?.length === 2 ? members[0] : members[1];
      const shorter = lists[0]?.length === 2 ? members[1] : members[0];
      await assertBothConsumed(members);
      assert.ok(longer?.records().some(({ topic }) => topic === b));
      assert.ok(!shorter?.records().some(({ topic }) => topic === b));
      for (const one of members)
        await until('the other list is logged', () => one.logged(otherLists).length === 1);
    });

  test('F04 a member that shares the group with a leader that assigns only its own topics is red by topic, until the leader leaves', async (context) => {
    const { a, b, groupId, member, foreignMember, assertBothConsumed } = await twoTopics(context);
    const leader = await foreignMember([a]);
    const consumer = await member([a, b]);
    await until('nobody reads b', async () => (await readers(groupId, b)).length === 0);
    await until('readiness names the topic', async () =>
      (await consumer.faults('/readyz')).some((fault) =>
        fault.startsWith(`topic ${b}: 6 of 6 partitions are assigned to no member of the group`),
      ),
    );
    assert.equal(await consumer.metric('orders_consumer_unassigned_partitions'), 6);
    assert.deepEqual(await consumer.faults('/healthz'), [], 'a restart would not help');
    await leader.leave();
    await assertBothConsumed([consumer]);
    await until(
      'no partition is unassigned',
      async () => (await consumer.metric('orders_consumer_unassigned_partitions')) === 0,
    );
    assert.equal((await readers(groupId, b)).length, 6);
  });

  test('F04 as the leader, the service gives kafkajs members only what they subscribed to', async (context) => {
    const { a, b, groupId, member, foreignMember } = await twoTopics(context);
    const consumer = await member([b], { env: { GROUP_ID: groupId } });
    const foreign = await foreignMember([a]);
    await until('each topic has its reader', async () => {
      const read = [await readers(groupId, a), await readers(groupId, b)];
      return read.every(({ length }) => length === 6);
    });
    assert.deepEqual(Object.keys(foreign.assignment()), [a], 'the leader does not read this topic');
    assert.deepEqual(await consumer.faults('/readyz'), []);
  });

  test('F04 new partitions of a topic that the leader does not read are assigned within 30 s', async (context) => {
    const { a, b, groupId, member } = await twoTopics(context);
    const members = [await member([a]), await member([a, b])];
    await addPartitions(bootstrapServers, b, 9);
    await until(
      'the new partitions have a reader',
      async () => (await readers(groupId, b)).length === 9,
      30_000,
    );
    for (const one of members) assert.deepEqual(await one.faults('/readyz'), []);
  });

  test('F04 a member without partitions is ready, because others read them all', async (context) => {
    const { a, b, member, assertBothConsumed } = await twoTopics(context, 1);
    const members = [await member([a, b]), await member([a, b]), await member([a, b])];
    await assertBothConsumed(members);
    const assigned = await Promise.all(
      members.map((one) => one.metric('orders_consumer_partition_assigned')),
    );
    assert.deepEqual(assigned.sort(), [0, 1, 1]);
  });
});
