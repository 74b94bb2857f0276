import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { freePort } from '@order-stream/local-stack/ports';
import { createTcpProxy } from '@order-stream/local-stack/tcp-proxy';
import { createTopicNamed, endOffsets, rawKafka, writeRaw } from '@order-stream/local-stack/topics';
import { ordersCommand } from '@order-stream/orders-cli';
import kafkajs from 'kafkajs';

let broker: Broker;
before(async () => {
  broker = await startBroker();
});
after(() => broker.stop());

async function topicsCreate(
  flags: string[],
  options: { env?: Record<string, string>; stop?: AbortSignal } = {},
) {
  let stdout = '';
  let stderr = '';
  const code = await ordersCommand(['topics', 'create', ...flags], {
    env: { BOOTSTRAP_SERVERS: broker.bootstrapServers, LOG_LEVEL: 'silent', ...options.env },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stop: options.stop ?? new AbortController().signal,
  });
  return { code, stdout, stderr };
}

async function topicConfig(topic: string, name: string): Promise<string | undefined> {
  const admin = rawKafka(broker.bootstrapServers).admin();
  await admin.connect();
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic,
          configNames: [name],
        },
      ],
    });
    const [entry] = resources[0]?.configEntries ?? [];
    // Only a value of the topic itself counts, not the broker's default.
    return entry?.isDefault ? undefined : entry?.configValue;
  } finally {
    await admin.disconnect();
  }
}

test('S0-24 the command creates both topics, which are ready at once, and a second run changes nothing', async () => {
  const topic = `created-${randomUUID()}`;
  const first = await topicsCreate(['--topic', topic, '--json']);
  assert.equal(first.code, 0, first.stderr);
  const state = (name: string, created: boolean) => ({
    topic: name,
    created,
    partitions: 6,
    replication_factor: 1,
  });
  assert.deepEqual(JSON.parse(first.stdout), {
    topics: [state(topic, true), state(`${topic}.dlq`, true)],
  });
  assert.equal(await topicConfig(topic, 'message.timestamp.type'), 'CreateTime');
  assert.equal(await topicConfig(`${topic}.dlq`, 'message.timestamp.type'), 'CreateTime');
  assert.equal(await topicConfig(topic, 'max.message.bytes'), undefined);
  assert.equal(await topicConfig(`${topic}.dlq`, 'max.message.bytes'), String(10 * 1024 * 1024));
  await writeRaw(broker.bootstrapServers, topic, [{ value: 'kept', partition: 5 }]);

  const second = await topicsCreate(['--topic', topic, '--json']);
  assert.equal(second.code, 0, second.stderr);
  assert.deepEqual(JSON.parse(second.stdout), {
    topics: [state(topic, false), state(`${topic}.dlq`, false)],
  });
  assert.equal((await endOffsets(broker.bootstrapServers, topic)).get(5), 1n);
});

test('S0-24 several topics are created at once, each with its own dead-letter topic or all with one', async () => {
  const [customer, order, shared] = ['customer', 'order', 'shared'].map(
    (name) => `${name}-${randomUUID()}`,
  ) as [string, string, string];
  const names = ({ stdout }: { stdout: string }) =>
    JSON.parse(stdout).topics.map(({ topic }: { topic: string }) => topic);
  const flags = ['--topic', customer, '--topic', order, '--partitions', '1', '--json'];
  const each = await topicsCreate(flags);
  assert.equal(each.code, 0, each.stderr);
  assert.deepEqual(names(each), [customer, order, `${customer}.dlq`, `${order}.dlq`]);
  const one = await topicsCreate([...flags, '--dlq', shared]);
  assert.equal(one.code, 0, one.stderr);
  assert.deepEqual(names(one), [customer, order, shared]);
  const both = await topicsCreate([...flags, '--dlq', order]);
  assert.equal(both.code, 2);
  assert.match(both.stderr, new RegExp(`--topic and --dlq are both '${order}'`));
});

test('S0-24 names come from the environment, and flags override them', async () => {
  const env = { TOPIC_NAME: `from-env-${randomUUID()}`, DLQ_TOPIC: `dead-${randomUUID()}` };
  const fromEnv = await topicsCreate(['--partitions', '2'], { env });
  assert.equal(fromEnv.code, 0, fromEnv.stderr);
  assert.match(fromEnv.stdout, new RegExp(`^${env.TOPIC_NAME}: created, 2 partitions`, 'm'));
  assert.match(fromEnv.stdout, new RegExp(`^${env.DLQ_TOPIC}: created, 2 partitions`, 'm'));

  const flagged = `from-flag-${randomUUID()}`;
  const fromFlags = await topicsCreate(['--topic', flagged, '--partitions', '1'], { env });
  assert.equal(fromFlags.code, 0, fromFlags.stderr);
  assert.match(fromFlags.stdout, new RegExp(`^${flagged}: created, 1 partitions`, 'm'));
  assert.match(fromFlags.stdout, new RegExp(`^${env.DLQ_TOPIC}: exists, 2 partitions`, 'm'));
});

test('S0-24 a topic with another partition count is not changed, and a warning says so', async () => {
  const topic = `smaller-${randomUUID()}`;
  await createTopicNamed(broker.bootstrapServers, topic, { partitions: 3 });
  const { code, stdout, stderr } = await topicsCreate(['--topic', topic]);
  assert.equal(code, 0);
  assert.match(stderr, new RegExp(`${topic} has 3 partitions instead of 6; it is not changed`));
  assert.match(stdout, new RegExp(`^${topic}: exists, 3 partitions`, 'm'));
  assert.equal((await endOffsets(broker.bootstrapServers, topic)).size, 3);

  const strict = await topicsCreate(['--topic', topic, '--no-if-not-exists']);
  assert.equal(strict.code, 1);
});

test('S0-24 two runs at the same time both succeed and create each topic once', async () => {
  const topic = `raced-${randomUUID()}`;
  const runs = await Promise.all([1, 2].map(() => topicsCreate(['--topic', topic, '--json'])));
  for (const run of runs) assert.equal(run.code, 0, run.stderr);
  for (const name of [topic, `${topic}.dlq`]) {
    const created = runs.flatMap(({ stdout }) =>
      (JSON.parse(stdout) as { topics: { topic: string; created: boolean }[] }).topics.filter(
        (state) => state.topic === name && state.created,
      ),
    );
    assert.equal(created.length, 1);
  }
});

test('the command ends at once if the broker rejects its credentials', async () => {
  const { code, stderr } = await topicsCreate(['--topic', `refused-${randomUUID()}`], {
    env: {
      SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      SASL_MECHANISM: 'PLAIN',
      SASL_USERNAME: 'u',
      SASL_PASSWORD: 'p',
    },
  });
  assert.equal(code, 1);
  assert.match(stderr, /^orders topics create: .+: the broker rejected the credentials.*\n$/);
});

test('S0-24 the command fails after its timeout and names the address of a silent broker', async () => {
  const env = { BOOTSTRAP_SERVERS: `127.0.0.1:${await freePort()}` };
  const { code, stderr } = await topicsCreate(['--timeout', '1'], { env });
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^orders topics create: ${env.BOOTSTRAP_SERVERS}: topic orders`));
});

test('S0-24 the command waits for a broker that starts later', async () => {
  const port = await freePort();
  const notYet = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  const connected = once(notYet, 'connection');
  const topic = `late-${randomUUID()}`;
  const run = topicsCreate(['--topic', topic], { env: { BOOTSTRAP_SERVERS: `127.0.0.1:${port}` } });
  await connected;
  await new Promise((resolve) => notYet.close(resolve));
  const targetPort = Number(broker.bootstrapServers.split(':').at(-1));
  const proxy = await createTcpProxy({ port, targetPort });
  try {
    const { code, stdout, stderr } = await run;
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^${topic}: created, 6 partitions`, 'm'));
  } finally {
    await proxy.close();
  }
});

test('a stop signal ends the wait for a broker', async (t) => {
  const port = await freePort();
  const silent = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  t.after(() => silent.close());
  const connected = once(silent, 'connection');
  const stop = new AbortController();
  const run = topicsCreate([], {
    env: { BOOTSTRAP_SERVERS: `127.0.0.1:${port}` },
    stop: stop.signal,
  });
  await connected;
  stop.abort();
  assert.equal((await run).code, 1);
});
