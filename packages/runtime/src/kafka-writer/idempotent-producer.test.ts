import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, PartitionMetadata, Producer, ProducerBatch, ProducerConfig } from 'kafkajs';
import {
  createIdempotentProducer,
  LeaderMovedError,
  PartitionUnknownError,
} from './idempotent-producer.ts';
import { createTopicLeaders } from './topic-leaders.ts';

/** The producer, and what reaches the client. */
function producerUnderTest({ connect = async () => {}, failure = undefined as unknown } = {}) {
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
          if (failure !== undefined) throw failure;
          return [];
        },
        async refreshMetadata() {
          calls.push('refreshMetadata');
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
  const leaving = () => {};
  await producer.produce(
    'orders',
    7,
    [
      { partition: 3, records: [{ record: record(5) }, { record: { ...record(6), headers } }] },
      { partition: 4, records: [{ record: record(6) }] },
    ],
    leaving,
  );
  const common = { key: null, value: Buffer.from('v'), leader: 7 };
  assert.deepEqual(sent, [
    {
      acks: -1,
      timeout: 1_234,
      compression: 3,
      beforeProduce: leaving,
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
  // kafkajs would leave out a partition that it does not know, and report the request as written.
  assert.throws(() => choose(-1, 3, -1), PartitionUnknownError);
});

test('it connects once, and again after a failure', async () => {
  let failing = true;
  const { producer, calls } = producerUnderTest({
    async connect() {
      if (failing) throw new Error('no broker');
    },
  });
  await assert.rejects(producer.connect(), /no broker/);
  failing = false;
  await producer.connect();
  await producer.connect();
  await producer.disconnect();
  assert.deepEqual(calls, ['connect', 'connect', 'disconnect']);
});

test('a partition that kafkajs does not know makes it fetch metadata; other errors do not', async () => {
  for (const [failure, expected] of [
    [new PartitionUnknownError('orders', 7), ['connect', 'refreshMetadata']],
    [new LeaderMovedError(), ['connect']],
    [new Error('closed'), ['connect']],
  ] as const) {
    const { producer, calls } = producerUnderTest({ failure });
    await producer.connect();
    await assert.rejects(
      producer.produce('orders', -1, [], () => {}),
      failure,
    );
    assert.deepEqual(calls, expected);
  }
});

test('metadata is fetched only over a connection that was made', async () => {
  const { producer, calls } = producerUnderTest();
  await producer.refreshMetadata();
  assert.deepEqual(calls, []);
});

test('topics are known by the number of their partitions and the leader of each', () => {
  const leaders = createTopicLeaders();
  const two = [
    { partitionId: 0, leader: 1 },
    { partitionId: 1, leader: 2 },
  ];
  assert.equal(leaders.partitionCount('orders'), undefined);
  assert.equal(leaders.agree('orders', two), false);
  leaders.learn('orders', two);
  assert.equal(leaders.partitionCount('orders'), 2);
  assert.equal(leaders.agree('orders', two), true);
  assert.equal(leaders.agree('orders', [...two, { partitionId: 2, leader: 1 }]), false);
  assert.equal(leaders.agree('orders', two.slice(0, 1)), false);
  assert.equal(leaders.agree('orders', [two[0], { partitionId: 1, leader: 1 }] as never), false);
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
