import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { createTopic, rawKafka } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import kafkajs, { type AclEntry } from 'kafkajs';
import { assertObserved } from './observer.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

// Every client may do everything that no ACL denies.
const broker = await startOwnBroker({
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
  'group.max.session.timeout.ms': '20000',
});
const { bootstrapServers } = broker;
const registry = await startGlueLocal();
after(async () => {
  await registry.close();
  await broker.stop();
});

const admin = rawKafka(bootstrapServers).admin();
after(() => admin.disconnect());
await admin.connect();

/** Denies the members of the group what a member does. */
const denial = (groupId: string): AclEntry => ({
  principal: 'User:ANONYMOUS',
  host: '*',
  operation: AclOperationTypes.READ,
  permissionType: AclPermissionTypes.DENY,
  resourceType: AclResourceTypes.GROUP,
  resourceName: groupId,
  resourcePatternType: ResourcePatternTypes.LITERAL,
});

async function consumerOf(context: TestContext, env: Record<string, string> = {}) {
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const groupId = `${topic}-group-01`;
  return {
    topic,
    groupId,
    start: (waitUntilReady: boolean) =>
      startConsumer({
        ...{ bootstrapServers, registry, topic, context, waitUntilReady },
        env: { SESSION_TIMEOUT_MS: '10000', HEARTBEAT_INTERVAL_MS: '500', ...env },
      }),
  };
}

type Started = Awaited<ReturnType<typeof startConsumer>>;

/** Readiness says it once, and the log says it too. */
async function assertNamed(consumer: Started, fault: string) {
  await until(`readiness says: ${fault}`, async () => {
    const faults = await consumer.faults('/readyz');
    return faults.filter((one) => one.startsWith(fault)).length === 1;
  });
  const ended = () =>
    consumer
      .logged('consumer ended, starting a new one')
      .map(({ err }) => (err as { message: string }).message);
  await until(`the log says: ${fault}`, () => ended().some((text) => text.startsWith(fault)));
}

test('F04 an ACL that denies the group is named, at start and later, and taking it away is enough', async (context) => {
  const { topic, groupId, start } = await consumerOf(context);
  await admin.createAcls({ acl: [denial(groupId)] });
  const consumer = await start(false);
  const fault = `the broker refuses the group ${groupId}: GROUP_AUTHORIZATION_FAILED. Allow this principal READ on the group`;
  await assertNamed(consumer, fault);
  const undo = () => {
    const { permissionType, operation, ...rest } = denial(groupId);
    return admin.deleteAcls({ filters: [{ ...rest, permissionType, operation }] });
  };
  await undo();
  const where = { bootstrapServers, groupId, topics: [topic] };
  await assertObserved([consumer], where);
  await admin.createAcls({ acl: [denial(groupId)] });
  await assertNamed(consumer, fault);
  assert.deepEqual(await consumer.faults('/healthz'), [], 'a restart would not help');
  await undo();
  await assertObserved([consumer], where);
});

test("F04 a session longer than the broker's group.max.session.timeout.ms is named by the variable", async (context) => {
  const { groupId, start } = await consumerOf(context, { SESSION_TIMEOUT_MS: '30000' });
  const consumer = await start(false);
  await assertNamed(
    consumer,
    `the broker refuses the group ${groupId}: INVALID_SESSION_TIMEOUT. Set SESSION_TIMEOUT_MS`,
  );
});

test('F04 members of another program without a common assignor are named, and it works when they have left', async (context) => {
  const { topic, groupId, start } = await consumerOf(context);
  const java = rawKafka(bootstrapServers).consumer({
    groupId,
    sessionTimeout: 10_000,
    partitionAssigners: [
      (config) => ({ ...kafkajs.PartitionAssigners.roundRobin(config), name: 'range' }),
    ],
  });
  context.after(() => java.disconnect());
  await java.connect();
  await java.subscribe({ topics: [topic] });
  const joined = new Promise((resolve) => java.on('consumer.group_join', resolve));
  await java.run({ autoCommit: false, eachBatch: async () => undefined });
  await joined;
  const consumer = await start(false);
  await assertNamed(
    consumer,
    `the broker refuses the group ${groupId}: INCONSISTENT_GROUP_PROTOCOL. Its members are another program`,
  );
  await java.disconnect();
  await assertObserved([consumer], { bootstrapServers, groupId, topics: [topic] });
});
