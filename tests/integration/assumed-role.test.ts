import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { startDynalite } from '@order-stream/local-stack/dynalite';
import { createTable } from '@order-stream/local-stack/order-table';
import { startSts } from '@order-stream/local-stack/sts';
import {
  createTopic,
  endOffsets,
  isAllCommitted,
  writeRaw,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { startGuardedAws } from './guarded-aws.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

const roleArn = 'arn:aws:iam::123456789012:role/schemas';
const untrustedRoleArn = 'arn:aws:iam::123456789012:role/others';
const sinkRoleArn = 'arn:aws:iam::123456789012:role/items';
const sinkRole = { accessKeyId: 'SINKKEY', sessionToken: 'sink session' };
const role = { accessKeyId: 'ROLEKEY', secretAccessKey: 'secret', sessionToken: 'session' };

/** An STS whose role trusts the key of the consumer's task, a Glue that answers the role alone, and orders on a topic. */
async function crossAccount(context: TestContext, registries = ['customer']) {
  const credentials = () => ({ ...role, expiresAtMs: Date.now() + 3_600_000 });
  const sts = await startSts([
    { arn: roleArn, trusts: (key) => key === 'TASKKEY' || key === 'SINKKEY', credentials },
    {
      arn: sinkRoleArn,
      trusts: (key) => key === 'TASKKEY',
      credentials: () => ({ ...credentials(), ...sinkRole }),
    },
    { arn: untrustedRoleArn, trusts: () => false, credentials },
  ]);
  const glue = await startGuardedAws(registry.endpoint, { ...role, registries });
  context.after(async () => {
    await sts.stop();
    await glue.stop();
  });
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic, 1);
  const orders = numberedOrders(0, 3);
  await writeRaw(bootstrapServers, topic, orders.map(await orderFramer(registry, topic)));
  return {
    sts,
    glue,
    topic,
    orders,
    start: (env: Record<string, string>) =>
      startConsumer({
        context,
        bootstrapServers,
        registry: glue,
        topic,
        waitUntilReady: false,
        env: {
          AWS_ACCESS_KEY_ID: 'TASKKEY',
          AWS_SECRET_ACCESS_KEY: 'secret',
          AWS_ENDPOINT_URL_STS: sts.endpoint,
          ...env,
        },
      }),
    async assertNothingIsLost() {
      const deadLetters = await endOffsets(bootstrapServers, deadLetterTopic);
      assert.deepEqual(deadLetters, new Map([[0, 0n]]));
      assert.equal(await isAllCommitted(bootstrapServers, `${topic}-group-01`, topic), false);
    },
  };
}

for (const { name, env, refusedBy } of [
  { name: 'without the role', env: {}, refusedBy: 'Glue' },
  {
    name: 'with a role that does not trust the task',
    env: { GLUE_ASSUME_ROLE_ARN: untrustedRoleArn },
    refusedBy: 'STS',
  },
])
  test(`S1-03 ${name}, the consumer reads no schema and its records wait; with the role, they are delivered`, async (context) => {
    const { topic, orders, glue, sts, start, assertNothingIsLost } = await crossAccount(context);
    const refused = await start(env);
    await until('a partition waits for the registry', async () =>
      (await refused.faults('/readyz')).some((fault) => fault.startsWith(`${topic}/0`)),
    );
    assert.deepEqual(refused.records(), []);
    await assertNothingIsLost();
    await refused.stop();
    assert.equal(glue.denied.length > 0, refusedBy === 'Glue');
    assert.equal(sts.requests.length > 0, refusedBy === 'STS');

    const denied = glue.denied.length;
    const consumer = await start({ GLUE_ASSUME_ROLE_ARN: roleArn });
    await until('the orders are delivered', () => consumer.records().length === orders.length);
    assert.deepEqual(
      consumer.records().map(({ value }) => value.order_id),
      orders.map(({ order_id }) => order_id),
    );
    assert.equal(glue.denied.length, denied);
    assert.deepEqual(sts.requests.at(-1), {
      accessKeyId: 'TASKKEY',
      roleArn,
      sessionName: 'order-stream-registry',
    });
    assert.equal((await consumer.stop()).code, 0);
  });

test('S1-04 a schema of a registry that the role does not reach is not read: its records wait and none is dead-lettered', async (context) => {
  const { topic, glue, start, assertNothingIsLost } = await crossAccount(context, ['invoices']);
  const consumer = await start({ GLUE_ASSUME_ROLE_ARN: roleArn });
  await until('the partition waits for access', async () =>
    (await consumer.faults('/readyz')).some((fault) => fault.startsWith(`${topic}/0`)),
  );
  assert.ok(glue.denied.includes('GetSchemaVersion: registry customer'));
  assert.deepEqual(consumer.records(), []);
  await assertNothingIsLost();
  await consumer.stop();
});

test('S1-03 without the role of its store, the DynamoDB sink stores nothing and dead-letters nothing; with it, by the SDK’s own profile, the rows appear', async (context) => {
  const { topic, orders, start, assertNothingIsLost } = await crossAccount(context);
  const dynalite = await startDynalite(context);
  const table = await createTable(dynalite.endpoint);
  const guarded = await startGuardedAws(dynalite.endpoint, sinkRole);
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-profile-'));
  context.after(async () => {
    await guarded.stop();
    rmSync(folder, { recursive: true });
  });
  const profile = `[profile sinks]\nrole_arn = ${sinkRoleArn}\ncredential_source = Environment\n`;
  writeFileSync(join(folder, 'config'), profile);
  const sink = {
    GLUE_ASSUME_ROLE_ARN: roleArn,
    SINKS: 'dynamodb',
    DYNAMODB_TABLE: table.name,
    AWS_ENDPOINT_URL_DYNAMODB: guarded.endpoint,
  };
  const refused = await start(sink);
  await until('the partition waits for the sink', async () =>
    (await refused.faults('/readyz')).some((fault) =>
      fault.includes('sink dynamodb (unauthorised)'),
    ),
  );
  await assertNothingIsLost();
  assert.equal((await table.items()).size, 0);
  await refused.stop();

  const AWS_CONFIG_FILE = join(folder, 'config');
  const consumer = await start({ ...sink, AWS_CONFIG_FILE, AWS_PROFILE: 'sinks' });
  const items = await until('the rows appear', async () => {
    const found = await table.items();
    return found.size === orders.length && found;
  });
  assert.deepEqual([...items.keys()].sort(), orders.map(({ order_id }) => order_id).sort());
  assert.equal(items.get('order-0')?._topic?.S, topic);
  assert.equal((await consumer.stop()).code, 0);
});
