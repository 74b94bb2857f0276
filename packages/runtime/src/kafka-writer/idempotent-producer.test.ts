import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, PartitionMetadata, Producer, ProducerBatch, ProducerConfig } from 'kafkajs';
import { createIdempotentProducer, LeaderMovedError } from './idempotent-producer.ts';
import { createTopicLeaders } from './topic-leaders.ts';

/** The producer, and what reaches the client. */
function producerUnderTest(connect = async () => {}) {
  const configs: ProducerConfig[] = [];
  const sent: ProducerBatch[] = [];
  const calls: string[] = [];
  const client = {
    producer(config: ProducerConfig) {
      configs.push(config);
      return {
        connect() {
          calls.push('connect');
          return connect();
        },
        async sendBatch(batch: ProducerBatch) {
          sent.push(batch);
          return [];
        },
        async disconnect() {
          calls.push('disconnect');
        },
      } as never as Producer;
    },
  };
  const leaders = createTopicLeaders();
  const options = { requestTimeoutMs: 1_234, compression: 'lz4' } as const;
  const producer = createIdempotentProducer(client, leaders, options);
  return { producer, leaders, config: configs[0] as ProducerConfig, sent, calls };
}

const record = (timestampMs: number) => ({ key: null, value: Buffer.from('v'), timestampMs });

test('a request waits for all replicas, names partition and leader of each record, and is compressed', async () => {
  const { producer, sent, config } = producerUnderTest();
  const headers = { a: 'b' };
  await producer.produce('orders', 7, [
    { partition: 3, records: [{ record: record(5) }, { record: { ...record(6), headers } }] },
    { partition: 4, records: [{ record: record(6) }] },
  ]);
  const common = { key: null, value: Buffer.from('v'), leader: 7 };
  assert.deepEqual(sent, [
    {
      acks: -1,
      timeout: 1_234,
      compression: 3,
      topicMessages: [
        {
          topic: 'orders',
          messages: [
            { ...common, timestamp: '5', partition: 3 },
            { ...common, headers, timestamp: '6', partition: 3 },
            { ...common, timestamp: '6', partition: 4 },
          ],
        },
      ],
    },
  ]);
  assert.equal(config.idempotent, true);
  assert.equal(config.allowAutoTopicCreation, false);
  assert.deepEqual(config.retry, { retries: Number.NaN });
});

test('a record goes to its partition while that has the leader of the request, else nothing is written', () => {
  const { config, leaders } = producerUnderTest();
  const partitionOf = config.createPartitioner?.();
  const choose = (leader: number, partition: number, leaderNow: number) =>
    partitionOf?.({
      topic: 'orders',
      partitionMetadata: [{ partitionId: partition, leader: leaderNow } as PartitionMetadata],
      message: { value: null, partition, leader } as Message,
    });
  assert.equal(choose(1, 3, 1), 3);
  assert.throws(() => choose(1, 3, 2), LeaderMovedError);
  assert.equal(leaders.leaderOf('orders', 3), 2, 'learned on the way');
});

test('it connects once, and again after a failure', async () => {
  let failing = true;
  const { producer, calls } = producerUnderTest(async () => {
    if (failing) throw new Error('no broker');
  });
  await assert.rejects(producer.connect(), /no broker/);
  failing = false;
  await producer.connect();
  await producer.connect();
  await producer.disconnect();
  assert.deepEqual(calls, ['connect', 'connect', 'disconnect']);
});

test('an unknown partition or topic has leader -1; the same list is learned once', () => {
  const leaders = createTopicLeaders();
  const list = [{ partitionId: 1, leader: 5 }];
  leaders.learn('orders', list);
  assert.equal(leaders.leaderOf('orders', 1), 5);
  assert.equal(leaders.leaderOf('orders', 0), -1);
  assert.equal(leaders.leaderOf('other', 1), -1);
  list[0] = { partitionId: 1, leader: 6 };
  leaders.learn('orders', list);
  assert.equal(leaders.leaderOf('orders', 1), 5);
  leaders.learn('orders', [...list]);
  assert.equal(leaders.leaderOf('orders', 1), 6);
});
