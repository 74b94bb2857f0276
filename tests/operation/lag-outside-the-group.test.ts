import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { type ConsumerProcess, startConsumer } from '@order-stream/local-stack/consumer';
import { startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { createOrderTopic } from '@order-stream/local-stack/order-topic';
import { rawKafka } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { AssignerProtocol } from 'kafkajs';
import { assertObserved } from './observer.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

const ordersOver = (servers: string, partitions: number) =>
  createOrderTopic({
    bootstrapServers: servers,
    registry,
    partitions,
    partitionOf: (index) => index % partitions,
  });

/** A member of another program that can only share a group with its own kind. */
async function foreignMember(context: TestContext, topic: string, groupId: string) {
  const member = rawKafka(bootstrapServers).consumer({
    groupId,
    partitionAssigners: [
      () => ({
        name: 'of another program',
        version: 0,
        protocol: ({ topics }) => ({
          name: 'of another program',
          metadata: AssignerProtocol.MemberMetadata.encode({
            version: 0,
            topics,
            userData: Buffer.alloc(0),
          }),
        }),
        assign: async ({ members }) =>
          members.map(({ memberId }) => ({
            memberId,
            memberAssignment: AssignerProtocol.MemberAssignment.encode({
              version: 0,
              assignment: {},
              userData: Buffer.alloc(0),
            }),
          })),
      }),
    ],
  });
  context.after(() => member.disconnect());
  await member.connect();
  await member.subscribe({ topics: [topic] });
  const joined = new Promise((resolve) => member.on('consumer.group_join', resolve));
  await member.run({ autoCommit: false, eachBatch: async () => undefined });
  await joined;
  return member;
}

const lagIs = (consumer: ConsumerProcess, records: number) =>
  until(
    `the lag is ${records}`,
    async () => (await consumer.metric('orders_consumer_lag_records')) === records,
  );
const exportsLag = async ({ managementUrl }: ConsumerProcess) =>
  (await (await fetch(`${managementUrl}/metrics`)).text()).includes('orders_consumer_lag_records{');

test('F07 a consumer that cannot join its group reports the growing lag, the time since it was outside, and joins when it can', async (context) => {
  const { topic, groupId, write } = await ordersOver(bootstrapServers, 3);
  const foreign = await foreignMember(context, topic, groupId);
  const consumer = await startConsumer({
    context,
    bootstrapServers,
    registry,
    topic,
    waitUntilReady: false,
  });
  await write(0, 30);
  await lagIs(consumer, 30);
  await until(
    'the lag ages',
    async () => (await consumer.metric('orders_consumer_lag_seconds')) > 5,
  );
  assert.ok((await consumer.metric('orders_consumer_outside_group_seconds')) > 5);
  assert.equal(await consumer.metric('orders_consumer_partition_assigned'), 0);
  assert.notDeepEqual(await consumer.faults('/readyz'), []);
  assert.deepEqual(await consumer.faults('/healthz'), []);
  assert.deepEqual(consumer.records(), []);

  await foreign.disconnect();
  await until('all are printed', () => consumer.records().length === 30);
  await assertObserved([consumer], { bootstrapServers, groupId, topics: [topic] });
  assert.equal(await consumer.metric('orders_consumer_outside_group_seconds'), 0);
  assert.equal(await consumer.metric('orders_consumer_partition_assigned'), 3);
});

test('F07 a member without partitions reports the same lag as the one that reads them', async (context) => {
  const { topic, groupId, write } = await ordersOver(bootstrapServers, 1);
  const start = () => startConsumer({ context, bootstrapServers, registry, topic });
  const members = [await start(), await start()];
  const where = { bootstrapServers, groupId, topics: [topic] };
  await write(0, 20);
  await assertObserved(members, where);
  const owned = await Promise.all(
    members.map((one) => one.metric('orders_consumer_partition_assigned')),
  );
  assert.deepEqual(owned.toSorted(), [0, 1]);
  const owner = members[owned.indexOf(1)] as ConsumerProcess;
  const other = members[owned.indexOf(0)] as ConsumerProcess;
  owner.kill('SIGSTOP');
  await write(100, 40);
  await lagIs(other, 40);
  owner.kill('SIGCONT');
  await assertObserved(members, where);
});

test('F07 without a broker no lag is reported, neither 0 nor the last one, and it comes back with the broker', async (context) => {
  const own = await startOwnBroker();
  context.after(() => own.stop());
  const { topic, groupId, write } = await ordersOver(own.bootstrapServers, 3);
  const consumer = await startConsumer({
    context,
    bootstrapServers: own.bootstrapServers,
    registry,
    topic,
  });
  await write(0, 30);
  await assertObserved([consumer], {
    bootstrapServers: own.bootstrapServers,
    groupId,
    topics: [topic],
  });
  assert.ok(await exportsLag(consumer));
  // Connections stay open and nothing answers.
  await own.pause();
  await until('no lag is exported', async () => !(await exportsLag(consumer)));
  await own.resume();
  await write(100, 30);
  await assertObserved([consumer], {
    bootstrapServers: own.bootstrapServers,
    groupId,
    topics: [topic],
  });
});
