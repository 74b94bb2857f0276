import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type ConsumerProcess,
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { type LocalRegistry, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import { referenceOrder } from '@order-stream/local-stack/reference-order';
import { startSts } from '@order-stream/local-stack/sts';
import { createTopic, isAllCommitted, readAll, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import {
  type CredentialsEndpoint,
  type IamKey,
  iamBroker,
  iamEnvironment,
  newKey,
  startCredentialsEndpoint,
} from './iam-lab.ts';

const broker = iamBroker();
let registry: LocalRegistry;
let topic: string;
let deadLetterTopic: string;

before(async () => {
  registry = await startGlueLocal();
  topic = await createTopic(broker.adminServers);
  deadLetterTopic = await createDeadLetterTopic(broker.adminServers, topic);
});
after(() => registry.close());

async function withProducer(
  key: IamKey,
  options: { env?: Record<string, string>; waitUntilReady?: boolean },
  use: (producer: ProducerProcess, credentials: CredentialsEndpoint) => Promise<void>,
) {
  const credentials = await startCredentialsEndpoint(key);
  const producer = await startProducer({
    bootstrapServers: broker.bootstrapServers,
    registry,
    topic,
    waitUntilReady: options.waitUntilReady ?? true,
    env: { ...iamEnvironment(broker, credentials), ...options.env },
  });
  try {
    await use(producer, credentials);
  } finally {
    await producer.stop(10_000);
    await credentials.close();
  }
}

async function withConsumer(
  credentials: CredentialsEndpoint,
  of: string,
  use: (consumer: ConsumerProcess) => Promise<void>,
) {
  const consumer = await startConsumer({
    bootstrapServers: broker.bootstrapServers,
    registry,
    topic: of,
    env: iamEnvironment(broker, credentials),
  });
  try {
    await use(consumer);
  } finally {
    await consumer.stop(10_000);
  }
}

function allIsCommitted(of: string): Promise<boolean> {
  return isAllCommitted(broker.adminServers, `${of}-group-01`, of);
}

async function deadLetters(from: string): Promise<string[]> {
  return (await readAll(broker.adminServers, from)).map(({ value }) => String(value)).sort();
}

async function faultsOf(producer: ProducerProcess): Promise<string> {
  return (await fetch(`${producer.managementUrl}/readyz`)).text();
}

test('S0-15 D-02 the unchanged producer writes over TLS with an IAM token, by configuration alone', async () => {
  const key = newKey();
  broker.accept(key);
  await withProducer(key, {}, async (producer) => {
    const { status, body } = await producer.post(referenceOrder);
    assert.equal(status, 201, JSON.stringify(body));
  });
  assert.equal((await readAll(broker.adminServers, topic)).length, 1);
});

test('S0-15 D-02 the unchanged consumer reads, dead-letters and commits over TLS with an IAM token, by configuration alone', async () => {
  const key = newKey();
  broker.accept(key);
  const own = await createTopic(broker.adminServers);
  const ownDeadLetters = await createDeadLetterTopic(broker.adminServers, own);
  const [first, last] = numberedOrders(0, 2).map(await orderFramer(registry, own));
  assert.ok(first && last);
  const records = [first, { key: 'poison', value: 'no frame' }, last];
  await writeRaw(
    broker.adminServers,
    own,
    records.map((record) => ({ ...record, partition: 0 })),
  );
  const credentials = await startCredentialsEndpoint(key);
  try {
    await withConsumer(credentials, own, async (consumer) => {
      await until('both orders are printed', () => consumer.records().length === 2);
      assert.deepEqual(
        consumer.records().map(({ value }) => value.order_id),
        ['order-0', 'order-1'],
      );
      await until('all records are committed', () => allIsCommitted(own));
      assert.deepEqual(await deadLetters(ownDeadLetters), ['no frame']);
    });
  } finally {
    await credentials.close();
  }
});

test('S1-03 with KAFKA_ASSUME_ROLE_ARN the role signs the tokens; without it, and without its trust, the broker is not reached', async (context) => {
  const [task, role] = [newKey(), newKey()];
  broker.accept(role);
  const roleArn = 'arn:aws:iam::123456789012:role/orders';
  const trusts = (accessKeyId: string) => accessKeyId === task.accessKeyId;
  const sts = await startSts([{ arn: roleArn, trusts, credentials: () => role }]);
  context.after(() => sts.stop());
  const withRole = (
    env: Record<string, string>,
    use: (producer: ProducerProcess) => Promise<void>,
  ) =>
    withProducer(
      task,
      { env: { AWS_ENDPOINT_URL_STS: sts.endpoint, ...env }, waitUntilReady: false },
      use,
    );
  const refusals: [Record<string, string>, RegExp][] = [
    [{}, /rejected the MSK IAM token/],
    [
      { KAFKA_ASSUME_ROLE_ARN: `${roleArn}-2` },
      /no AWS credentials to sign an MSK token.*AssumeRole/,
    ],
  ];
  for (const [env, fault] of refusals)
    await withRole(env, async (producer) => {
      await until('readiness reports the fault', async () => fault.test(await faultsOf(producer)));
    });
  await withRole({ KAFKA_ASSUME_ROLE_ARN: roleArn }, async (producer) => {
    await until('ready', async () => /"ok"/.test(await faultsOf(producer)));
    assert.equal((await producer.post(referenceOrder)).status, 201);
  });
});

test('P7 with re-authentication every 15 s and new credentials every 30 s, every order is acknowledged and read, and dead letters are written', async () => {
  const lifetimeMs = 30_000;
  const first = newKey({ lifetimeMs });
  broker.accept(first);
  const acknowledged: string[] = [];
  const refusals: string[] = [];
  const poison: string[] = [];
  const addPoison = async () => {
    const value = `no frame ${poison.length}`;
    await writeRaw(broker.adminServers, topic, [{ key: value, value }]);
    poison.push(value);
  };
  const tokensBefore = broker.log().split('\n').length;
  let key = first;
  let replaced = 0;
  /** As with a role, new credentials come before the old ones expire, for as long as anything uses them. */
  const keepReplacing = (credentials: CredentialsEndpoint) =>
    setInterval(() => {
      if (Date.now() <= key.expiresAtMs - 5_000) return;
      const next = newKey({ lifetimeMs });
      broker.accept(key, next);
      credentials.serve(next);
      key = next;
      replaced += 1;
    }, 100);
  const traffic = async (producer: ProducerProcess) => {
    const end = Date.now() + 75_000;
    let poisoned = 0;
    const client = async () => {
      while (Date.now() < end) {
        if (poisoned < replaced) {
          poisoned = replaced;
          await addPoison();
        }
        const { status, body } = await producer.post({
          user_id: 'rotation',
          order_items: [{ product_id: 1, quantity: 1 }],
        });
        if (status === 201) acknowledged.push(String(body.order_id));
        else refusals.push(`${status} ${body.type} ${body.detail}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await Promise.all([client(), client(), client()]);
    assert.ok(replaced >= 2, `credentials were replaced ${replaced} times`);
    await addPoison();
  };
  await withProducer(first, {}, async (producer, credentials) => {
    const replacing = keepReplacing(credentials);
    try {
      await withConsumer(credentials, topic, async (consumer) => {
        await traffic(producer);
        await until('all records are committed', () => allIsCommitted(topic), 60_000);
        const read = new Set(consumer.records().map(({ value }) => value.order_id));
        for (const id of acknowledged) assert.ok(read.has(id), `${id} is not read`);
        assert.deepEqual(await consumer.faults('/readyz'), []);
      });
    } finally {
      clearInterval(replacing);
    }
  });
  assert.deepEqual(await deadLetters(deadLetterTopic), poison);
  assert.deepEqual(refusals, []);
  const tokens = broker
    .log()
    .split('\n')
    .slice(tokensBefore - 1);
  const accepted = tokens.filter((line) => /accepted/i.test(line)).length;
  assert.ok(accepted >= 8, `connections re-authenticated: ${accepted} tokens accepted`);
  const keys = new Set((await readAll(broker.adminServers, topic)).map(({ key }) => String(key)));
  for (const id of acknowledged) assert.ok(keys.has(`{"order_id": "${id}"}`), `${id} is lost`);
});

test('a wrong secret gives a clear authentication error, and the correct secret works without a restart', async () => {
  const good = newKey();
  broker.accept(good);
  const bad = { ...good, secretAccessKey: 'wrong' };
  await withProducer(bad, { waitUntilReady: false }, async (producer, credentials) => {
    await until('readiness reports the rejected token', async () =>
      /rejected the MSK IAM token signed for region/.test(await faultsOf(producer)),
    );
    const { status, body } = await producer.post(referenceOrder);
    assert.equal(status, 503);
    assert.equal(body.type, 'urn:order-stream:problem:broker-unavailable');
    assert.ok(!producer.stderr().some((line) => line.includes('wrong')), 'no secret in the log');
    credentials.serve(good);
    await until('ready', async () => /"ok"/.test(await faultsOf(producer)));
    assert.equal((await producer.post(referenceOrder)).status, 201);
  });
});

test('a wrong region gives a clear authentication error that names the region', async () => {
  const key = newKey();
  broker.accept(key);
  const env = { AWS_REGION: 'eu-north-1' };
  await withProducer(key, { env, waitUntilReady: false }, async (producer) => {
    await until('readiness reports the rejected token', async () =>
      /rejected the MSK IAM token signed for region eu-north-1/.test(await faultsOf(producer)),
    );
  });
});

test('a changed principal is reported in the log, and the service continues with the new principal', async () => {
  // The credential chain requests new credentials some minutes before the old ones expire.
  const first = newKey({ lifetimeMs: 60_000 });
  const other = newKey({
    principal: 'arn:aws:sts::123456789012:assumed-role/orders/other-session',
  });
  broker.accept(first, other);
  await withProducer(first, {}, async (producer, credentials) => {
    assert.equal((await producer.post(referenceOrder)).status, 201);
    credentials.serve(other);
    const refusal = producer.waitForLine(/Cannot change principals/, 40_000);
    const traffic = until(
      're-authentication',
      async () => {
        await producer.post(referenceOrder);
        return producer.stderr().some((line) => /Cannot change principals/.test(line));
      },
      40_000,
    );
    await Promise.all([refusal, traffic]);
    await until(
      'orders flow again',
      async () => (await producer.post(referenceOrder)).status === 201,
    );
  });
});
