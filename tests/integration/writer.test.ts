import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OwnBroker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { produceApi } from '@order-stream/local-stack/tcp-proxy';
import { createTopic, readAll } from '@order-stream/local-stack/topics';
import {
  BrokerUnavailableError,
  createKafkaClient,
  createKafkaSender,
  createLogger,
  type KafkaSender,
  type OutgoingRecord,
  SendOutcomeUnknownError,
  SendRefusedError,
} from '@order-stream/runtime';

const logger = createLogger({ name: 'sender-test', level: 'fatal' });
let broker: OwnBroker;

before(async () => {
  broker = await startBroker({ own: true });
});
after(() => broker.stop());

async function withSender(
  servers: string,
  use: (sender: KafkaSender) => Promise<void>,
  deliveryTimeoutMs = 10_000,
): Promise<void> {
  const client = createKafkaClient(
    { BOOTSTRAP_SERVERS: [servers], SECURITY_PROTOCOL: 'PLAINTEXT' },
    { logger, clientId: 'sender-test', requestTimeoutMs: 1_000 },
  );
  const sender = createKafkaSender(client, { logger, requestTimeoutMs: 1_000, deliveryTimeoutMs });
  try {
    await use(sender);
  } finally {
    await sender.close();
    await client.close();
  }
}

const record = (text: string): OutgoingRecord => ({
  key: null,
  value: Buffer.from(text),
  timestampMs: Date.now(),
});

async function valuesOn(topic: string): Promise<string[]> {
  return (await readAll(broker.bootstrapServers, topic)).map(({ value }) => String(value));
}

for (const loss of ['cut', 'silence'] as const)
  test(`S0-14 P1 an answer lost after the append (${loss}), then a batch of equal size: each is on the topic once`, async () => {
    const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
    await withSender(broker.proxiedServers, async (sender) => {
      await sender.start([topic]);
      await sender.send(topic, [{ partition: 0, records: [record('warm')] }])[0];
      const dropped = broker.proxy.dropNextAnswer(produceApi, loss);
      const first = sender.send(topic, [{ partition: 0, records: [record('one')] }])[0];
      const second = sender.send(topic, [{ partition: 0, records: [record('two')] }])[0];
      await dropped;
      assert.equal(await first, 1n);
      assert.equal(await second, 2n);
    });
    assert.deepEqual(await valuesOn(topic), ['warm', 'one', 'two']);
  });

test('P1 a batch given up in doubt does not swallow the next batch of equal size', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  await withSender(
    broker.proxiedServers,
    async (sender) => {
      await sender.start([topic]);
      await sender.send(topic, [{ partition: 0, records: [record('warm')] }])[0];
      const dropped = broker.proxy.dropNextAnswer(produceApi, 'silence');
      const deadline = Date.now() + 300;
      const first = sender.send(topic, [{ partition: 0, records: [record('one')] }], deadline)[0];
      await dropped;
      await assert.rejects(first as Promise<bigint>, SendOutcomeUnknownError);
      assert.equal(await sender.send(topic, [{ partition: 0, records: [record('two')] }])[0], 2n);
    },
    5_000,
  );
  assert.deepEqual(await valuesOn(topic), ['warm', 'one', 'two']);
});

/** Sets the error of an answer to a produce request of one partition (Produce response v3 to v7). */
const answerWith = (errorCode: number) => (frame: Buffer) => {
  const topicLength = frame.readInt16BE(12);
  frame.writeInt16BE(errorCode, 14 + topicLength + 4 + 4);
};
const notLeader = 6;
const topicAuthorizationFailed = 29;

test('S0-14 P1 an append that is answered NOT_LEADER, as when leadership moves meanwhile, is found again, not repeated', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  await withSender(broker.proxiedServers, async (sender) => {
    await sender.start([topic]);
    broker.proxy.rewriteNextAnswer(produceApi, answerWith(notLeader));
    assert.equal(await sender.send(topic, [{ partition: 0, records: [record('one')] }])[0], 0n);
    assert.equal(await sender.send(topic, [{ partition: 0, records: [record('two')] }])[0], 1n);
  });
  assert.deepEqual(await valuesOn(topic), ['one', 'two']);
});

test('P1 an append answered NOT_LEADER and then given up is in doubt, and does not swallow the next batch', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  await withSender(broker.proxiedServers, async (sender) => {
    await sender.start([topic]);
    let denying = true;
    const denyLeadership = (frame: Buffer) => {
      answerWith(notLeader)(frame);
      if (denying) broker.proxy.rewriteNextAnswer(produceApi, denyLeadership);
    };
    broker.proxy.rewriteNextAnswer(produceApi, denyLeadership);
    const deadline = Date.now() + 700;
    const first = sender.send(topic, [{ partition: 0, records: [record('one')] }], deadline)[0];
    await assert.rejects(first as Promise<bigint>, SendOutcomeUnknownError);
    denying = false;
    assert.equal(await sender.send(topic, [{ partition: 0, records: [record('two')] }])[0], 1n);
  });
  assert.deepEqual(await valuesOn(topic), ['one', 'two']);
});

test('P1 an append whose answer is lost and whose retry is refused is in doubt, and does not swallow the next batch', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  await withSender(broker.proxiedServers, async (sender) => {
    await sender.start([topic]);
    const dropped = broker.proxy.dropNextAnswer(produceApi, 'cut');
    const first = sender.send(topic, [{ partition: 0, records: [record('one')] }])[0];
    void dropped.then(() =>
      broker.proxy.rewriteNextAnswer(produceApi, answerWith(topicAuthorizationFailed)),
    );
    await assert.rejects(first as Promise<bigint>, SendOutcomeUnknownError);
    assert.equal(await sender.send(topic, [{ partition: 0, records: [record('two')] }])[0], 1n);
  });
  assert.deepEqual(await valuesOn(topic), ['one', 'two']);
});

test('a record that its topic refuses harms no other partition of its request', async () => {
  const topic = await createTopic(broker.bootstrapServers, {
    partitions: 3,
    config: { 'max.message.bytes': '2000' },
  });
  await withSender(broker.bootstrapServers, async (sender) => {
    await sender.start([topic]);
    // A leader of a second ago may still deny that it leads, and a refusal after that is no plain refusal.
    const first = [0, 1, 2].map((partition) => ({ partition, records: [record('first')] }));
    await Promise.all(sender.send(topic, first));
    const [small, large, other] = sender.send(topic, [
      { partition: 0, records: [record('small'), record('second')] },
      { partition: 1, records: [record('x'.repeat(5_000))] },
      { partition: 2, records: [record('other')] },
    ]);
    await assert.rejects(large as Promise<bigint>, (error) => {
      assert.ok(error instanceof SendRefusedError);
      assert.equal(error.reason, 'MESSAGE_TOO_LARGE');
      return true;
    });
    assert.equal(await small, 1n);
    assert.equal(await other, 1n);
    assert.equal(await sender.send(topic, [{ partition: 1, records: [record('later')] }])[0], 1n);
  });
  assert.deepEqual(await valuesOn(topic), [
    ...['first', 'small', 'second'],
    ...['first', 'later'],
    ...['first', 'other'],
  ]);
});

test('P4 batches handed over at once keep their order per partition', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 2 });
  await withSender(broker.bootstrapServers, async (sender) => {
    await sender.start([topic]);
    const answers = Array.from({ length: 40 }, (_, index) =>
      sender.send(topic, [{ partition: index % 2, records: [record(String(index))] }]),
    ).flat();
    await Promise.all(answers);
  });
  const records = await readAll(broker.bootstrapServers, topic);
  for (const partition of [0, 1])
    assert.deepEqual(
      records.filter((one) => one.partition === partition).map(({ value }) => Number(value)),
      Array.from({ length: 20 }, (_, index) => 2 * index + partition),
    );
});

test('P5 while no broker answers nothing is written and the caller hears so by the deadline; after it the same sender writes', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  await withSender(broker.bootstrapServers, async (sender) => {
    await sender.start([topic]);
    await sender.send(topic, [{ partition: 0, records: [record('before')] }])[0];
    await broker.kill();
    const away = sender.send(
      topic,
      [{ partition: 0, records: [record('away')] }],
      Date.now() + 1_000,
    )[0];
    await assert.rejects(away as Promise<bigint>, BrokerUnavailableError);
    await broker.start();
    await sender.send(topic, [{ partition: 0, records: [record('after')] }])[0];
  });
  assert.deepEqual(await valuesOn(topic), ['before', 'after']);
});
