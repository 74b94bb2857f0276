import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type OwnBroker, startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { createTopic, readAll } from '@order-stream/local-stack/topics';
import {
  BrokerUnavailableError,
  createKafkaClient,
  createKafkaWriter,
  createLogger,
  type KafkaWriter,
  type OutgoingRecord,
  SendOutcomeUnknownError,
  SendRefusedError,
} from '@order-stream/runtime';

const logger = createLogger({ name: 'writer-test', level: 'fatal' });
let broker: OwnBroker;

before(async () => {
  broker = await startOwnBroker();
});
after(() => broker.stop());

async function withWriter(
  servers: string,
  use: (writer: KafkaWriter) => Promise<void>,
): Promise<void> {
  const client = createKafkaClient(
    { BOOTSTRAP_SERVERS: [servers], SECURITY_PROTOCOL: 'PLAINTEXT' },
    { logger, clientId: 'writer-test', requestTimeoutMs: 1_000 },
  );
  const writer = createKafkaWriter(client, { logger, requestTimeoutMs: 1_000 });
  try {
    await use(writer);
  } finally {
    await writer.close();
    await client.close();
  }
}

const record = (text: string): OutgoingRecord => ({
  key: null,
  value: Buffer.from(text),
  timestampMs: Date.now(),
});

/** Appends one record. Resolves with its offset. */
function append(
  writer: KafkaWriter,
  topic: string,
  text: string,
  { partition = 0, timeoutMs = 10_000 } = {},
): Promise<bigint> {
  const deadline = performance.now() + timeoutMs;
  return new Promise((written, failed) =>
    writer.append(topic, partition, record(text), deadline, written, failed),
  );
}

async function valuesOn(topic: string): Promise<string[]> {
  return (await readAll(broker.bootstrapServers, topic)).map(({ value }) => String(value));
}

for (const loss of ['cut', 'silence'] as const)
  test(`S0-14 P1 after a lost answer (${loss}) and a batch of equal size, each record is on the topic once`, async () => {
    const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
    await withWriter(broker.proxiedServers, async (writer) => {
      await writer.start([topic]);
      await append(writer, topic, 'warm');
      const dropped = broker.proxy.dropNextAnswer('Produce', loss);
      const first = append(writer, topic, 'one');
      await dropped;
      const second = append(writer, topic, 'two');
      assert.equal(await first, 1n);
      assert.equal(await second, 2n);
    });
    assert.deepEqual(await valuesOn(topic), ['warm', 'one', 'two']);
  });

test('P1 after a batch with unknown outcome, the next batch of equal size is written', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  await withWriter(broker.proxiedServers, async (writer) => {
    await writer.start([topic]);
    await append(writer, topic, 'warm');
    const dropped = broker.proxy.dropNextAnswer('Produce', 'silence');
    const first = append(writer, topic, 'one', { timeoutMs: 300 });
    await dropped;
    await assert.rejects(first, SendOutcomeUnknownError);
    assert.equal(await append(writer, topic, 'two'), 2n);
  });
  assert.deepEqual(await valuesOn(topic), ['warm', 'one', 'two']);
});

/** Sets the error code in the answer to a produce request for one partition (Produce response v3 to v7). */
const answerWith = (errorCode: number) => (frame: Buffer) => {
  const topicLength = frame.readInt16BE(12);
  frame.writeInt16BE(errorCode, 14 + topicLength + 4 + 4);
};
const notLeader = 6;
const topicAuthorizationFailed = 29;

test('S0-14 P1 an append that succeeded but was answered NOT_LEADER is not repeated', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  await withWriter(broker.proxiedServers, async (writer) => {
    await writer.start([topic]);
    broker.proxy.rewriteNextAnswer('Produce', answerWith(notLeader));
    assert.equal(await append(writer, topic, 'one'), 0n);
    assert.equal(await append(writer, topic, 'two'), 1n);
  });
  assert.deepEqual(await valuesOn(topic), ['one', 'two']);
});

test('P1 an append answered NOT_LEADER until its deadline has an unknown outcome, and the next batch is written', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  await withWriter(broker.proxiedServers, async (writer) => {
    await writer.start([topic]);
    let denying = true;
    const denyLeadership = (frame: Buffer) => {
      answerWith(notLeader)(frame);
      if (denying) broker.proxy.rewriteNextAnswer('Produce', denyLeadership);
    };
    broker.proxy.rewriteNextAnswer('Produce', denyLeadership);
    const first = append(writer, topic, 'one', { timeoutMs: 700 });
    await assert.rejects(first, SendOutcomeUnknownError);
    denying = false;
    assert.equal(await append(writer, topic, 'two'), 1n);
  });
  assert.deepEqual(await valuesOn(topic), ['one', 'two']);
});

test('P1 an append with a lost answer and a rejected retry has an unknown outcome, and the next batch is written', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  await withWriter(broker.proxiedServers, async (writer) => {
    await writer.start([topic]);
    const dropped = broker.proxy.dropNextAnswer('Produce', 'cut');
    const first = append(writer, topic, 'one');
    void dropped.then(() =>
      broker.proxy.rewriteNextAnswer('Produce', answerWith(topicAuthorizationFailed)),
    );
    await assert.rejects(first, SendOutcomeUnknownError);
    assert.equal(await append(writer, topic, 'two'), 1n);
  });
  assert.deepEqual(await valuesOn(topic), ['one', 'two']);
});

test('a record that exceeds the topic’s limit does not affect other partitions of its request', async () => {
  const topic = await createTopic(broker.bootstrapServers, {
    partitions: 3,
    config: { 'max.message.bytes': '2000' },
  });
  await withWriter(broker.bootstrapServers, async (writer) => {
    await writer.start([topic]);
    // A new leader may answer NOT_LEADER at first, and a rejection after that has another error.
    const write = (text: string, partition: number) => append(writer, topic, text, { partition });
    await Promise.all([0, 1, 2].map((partition) => write('first', partition)));
    const [small, second, large, other] = [
      write('small', 0),
      write('second', 0),
      write('x'.repeat(5_000), 1),
      write('other', 2),
    ] as const;
    await assert.rejects(large, (error) => {
      assert.ok(error instanceof SendRefusedError);
      assert.equal(error.reason, 'MESSAGE_TOO_LARGE');
      return true;
    });
    assert.equal(await small, 1n);
    assert.equal(await second, 2n);
    assert.equal(await other, 1n);
    assert.equal(await write('later', 1), 1n);
  });
  assert.deepEqual(await valuesOn(topic), [
    ...['first', 'small', 'second'],
    ...['first', 'later'],
    ...['first', 'other'],
  ]);
});

test('P4 records appended while others are in flight keep their order per partition', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 2 });
  await withWriter(broker.bootstrapServers, async (writer) => {
    await writer.start([topic]);
    const answers: Promise<bigint>[] = [];
    for (let index = 0; index < 40; index += 1) {
      answers.push(append(writer, topic, String(index), { partition: index % 2 }));
      await turn();
    }
    await Promise.all(answers);
  });
  const records = await readAll(broker.bootstrapServers, topic);
  for (const partition of [0, 1])
    assert.deepEqual(
      records.filter((one) => one.partition === partition).map(({ value }) => Number(value)),
      Array.from({ length: 20 }, (_, index) => 2 * index + partition),
    );
});

test('P5 without a broker, an append fails by its deadline and writes nothing, and later appends succeed', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  await withWriter(broker.bootstrapServers, async (writer) => {
    await writer.start([topic]);
    await append(writer, topic, 'before');
    await broker.kill();
    const away = append(writer, topic, 'away', { timeoutMs: 1_000 });
    await assert.rejects(away, BrokerUnavailableError);
    await broker.start();
    await append(writer, topic, 'after');
  });
  assert.deepEqual(await valuesOn(topic), ['before', 'after']);
});

test('records above the topic’s limit are written in smaller batches, in order, and a record that exceeds the limit alone is rejected alone', async () => {
  const topic = await createTopic(broker.bootstrapServers, {
    partitions: 2,
    config: { 'max.message.bytes': '2000' },
  });
  const text = (index: number) => `${index}`.padStart(100, '0');
  await withWriter(broker.bootstrapServers, async (writer) => {
    await writer.start([topic]);
    await Promise.all([0, 1].map((partition) => append(writer, topic, 'first', { partition })));
    const answers = Array.from({ length: 100 }, (_, index) =>
      append(writer, topic, index === 51 ? 'x'.repeat(5_000) : text(index), {
        partition: index % 2,
      }),
    );
    const [large] = answers.splice(51, 1);
    await assert.rejects(large as Promise<bigint>, SendRefusedError);
    await Promise.all(answers);
  });
  const records = await readAll(broker.bootstrapServers, topic);
  for (const partition of [0, 1])
    assert.deepEqual(
      records.filter((one) => one.partition === partition).map(({ value }) => Number(value)),
      [
        Number.NaN,
        ...Array.from({ length: 50 }, (_, index) => 2 * index + partition).filter(
          (index) => index !== 51,
        ),
      ],
    );
});
