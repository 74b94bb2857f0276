import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { beforeEach, test } from 'node:test';

// patches/kafkajs@2.2.4.patch lets kafkajs know the ids of topics, so that it does not take the log of a topic that was created
// again for the one it read before.
const load = createRequire(import.meta.url);
const { lookup, requests } = load('kafkajs/src/protocol/requests/index.js') as {
  lookup(
    versions: object,
  ): (
    key: number,
    definitions: object,
  ) => (options: object) => { request: { apiVersion: number; encode(): Promise<EncodedBytes> } };
  requests: { Metadata: object };
};
const { decode } = load('kafkajs/src/protocol/requests/metadata/v11/response.js') as {
  decode(bytes: Buffer): Promise<object>;
};
const OffsetManager = load('kafkajs/src/consumer/offsetManager/index.js') as new (
  options: object,
) => {
  resolveOffsets(): Promise<void>;
  nextOffset(topic: string, partition: number): { toString(): string };
  setDefaultOffset(place: { topic: string; partition: number }): Promise<void>;
  commitOffsets(offsets: object): Promise<void>;
};
interface EncodedBytes {
  buffer: Buffer;
}

const metadataKey = 3;
const requestBy = (maxVersion: number, topics: string[]) =>
  lookup({ [metadataKey]: { minVersion: 0, maxVersion } })(metadataKey, requests.Metadata)({
    topics,
    allowAutoTopicCreation: false,
  }).request;

test('metadata is requested by the latest version that both sides know', () => {
  const versions = [0, 1, 6, 7, 9, 10, 11, 12, 13].map(
    (maxVersion) => requestBy(maxVersion, ['orders']).apiVersion,
  );
  assert.deepEqual(versions, [0, 1, 6, 6, 6, 6, 11, 11, 11]);
});

test('a metadata request of version 11 names its topics, or asks for all of them', async () => {
  const tags = '00';
  const named = await requestBy(11, ['orders']).encode();
  const orders = `${'00'.repeat(16)}07${Buffer.from('orders').toString('hex')}${tags}`;
  assert.equal(named.buffer.toString('hex'), `${tags}02${orders}0000${tags}`);
  const every = await requestBy(11, []).encode();
  assert.equal(every.buffer.toString('hex'), `${tags}000000${tags}`);
});

test('a metadata response of version 11 has the id of each topic', async () => {
  const answer = [
    '00', // no tags
    '00000000', // not throttled
    '02', // one broker
    '00000007 05', // broker 7, host of 4 bytes
    Buffer.from('host').toString('hex'),
    '00002384 00 00', // port 9092, no rack, no tags
    '03 6964', // cluster id
    '00000007', // controller
    '02', // one topic
    '0000 07',
    Buffer.from('orders').toString('hex'),
    '000102030405060708090a0b0c0d0e0f', // topic id
    '00', // not internal
    '02', // one partition
    '0000 00000003 00000007 00000005', // partition 3, leader 7, leader epoch 5
    '03 00000007 00000008', // replicas
    '02 00000007', // in sync
    '02 00000008 00', // offline, no tags
    '80000000 00', // operations not asked for, no tags
    '00',
  ];
  const decoded = await decode(Buffer.from(answer.join('').replaceAll(' ', ''), 'hex'));
  assert.deepEqual(decoded, {
    throttleTime: 0,
    clientSideThrottleTime: 0,
    brokers: [{ nodeId: 7, host: 'host', port: 9092, rack: null }],
    clusterId: 'id',
    controllerId: 7,
    topicMetadata: [
      {
        topicErrorCode: 0,
        topic: 'orders',
        topicId: 'AAECAwQFBgcICQoLDA0ODw',
        isInternal: false,
        partitionMetadata: [
          {
            partitionErrorCode: 0,
            partitionId: 3,
            leader: 7,
            leaderEpoch: 5,
            replicas: [7, 8],
            isr: [7],
            offlineReplicas: [8],
          },
        ],
      },
    ],
  });
});

interface CommittedPartition {
  partition: number;
  offset: string;
  metadata: string | null;
}
let committed: CommittedPartition[];
let events: [string, object][];
const earliest = '40';
beforeEach(() => {
  committed = [];
  events = [];
});

/** The offsets of partition 0 of `orders`, for a consumer that knows the topic by this id. */
function offsetsOf(topicId: string | undefined) {
  const coordinator = {
    isConnected: () => true,
    offsetFetch: async () => ({ responses: [{ topic: 'orders', partitions: committed }] }),
    offsetCommit: async ({ topics }: { topics: { partitions: CommittedPartition[] }[] }) => {
      committed = topics.flatMap(({ partitions }) => partitions);
    },
  };
  const cluster = {
    committedOffsets: () => ({}),
    fetchTopicsOffset: async () => [
      { topic: 'orders', partitions: [{ partition: 0, offset: earliest }] },
    ],
  };
  const instrumentationEmitter = {
    emit: (name: string, payload: object) => events.push([name, payload]),
  };
  return new OffsetManager({
    cluster,
    coordinator,
    topicIds: new Map([['orders', topicId]]),
    memberAssignment: { orders: [0] },
    topicConfigurations: { orders: { fromBeginning: true } },
    instrumentationEmitter,
    autoCommit: false,
    groupId: 'group',
  });
}
const commitOf = (offset: string) => ({
  topics: [{ topic: 'orders', partitions: [{ partition: 0, offset }] }],
});
const starts = () =>
  events.filter(([name]) => name === 'consumer.start_offsets').map(([, payload]) => payload);
const resets = () =>
  events.filter(([name]) => name === 'consumer.offset_reset').map(([, payload]) => payload);

test('an offset that was committed for the same topic is read from', async () => {
  await offsetsOf('first').commitOffsets(commitOf('70'));
  assert.deepEqual(committed, [{ partition: 0, offset: '70', metadata: 'topic-id=first' }]);
  const offsets = offsetsOf('first');
  await offsets.resolveOffsets();
  assert.equal(String(offsets.nextOffset('orders', 0)), '70');
  assert.deepEqual(resets(), []);
});

test('F06 an offset that was committed for a topic of this name, deleted since, is not read from', async () => {
  await offsetsOf('first').commitOffsets(commitOf('70'));
  const offsets = offsetsOf('second');
  await offsets.resolveOffsets();
  assert.equal(String(offsets.nextOffset('orders', 0)), earliest);
  const reset = { topic: 'orders', partition: 0, from: '70', to: earliest, isSameLog: false };
  assert.deepEqual(resets(), [reset]);
  const afterwards = { partition: 0, offset: earliest, metadata: 'topic-id=second' };
  assert.deepEqual(committed, [afterwards], 'and the group has its first offset at once');
});

test('a commit of another tool, or of brokers without topic ids, is read from', async () => {
  for (const [metadata, topicId] of [
    [null, 'second'],
    ['reset by hand', 'second'],
    ['topic-id=first', undefined],
  ] as const) {
    committed = [{ partition: 0, offset: '70', metadata }];
    const offsets = offsetsOf(topicId);
    await offsets.resolveOffsets();
    assert.equal(String(offsets.nextOffset('orders', 0)), '70');
  }
  assert.deepEqual(resets(), []);
  await offsetsOf(undefined).commitOffsets(commitOf('71'));
  assert.deepEqual(committed, [{ partition: 0, offset: '71', metadata: null }]);
});

test('F06 an offset outside the log is replaced by the first of the log, which the reader of the records commits', async () => {
  committed = [{ partition: 0, offset: '7', metadata: null }];
  const offsets = offsetsOf('first');
  await offsets.resolveOffsets();
  await offsets.setDefaultOffset({ topic: 'orders', partition: 0 });
  assert.equal(String(offsets.nextOffset('orders', 0)), earliest);
  const reset = { topic: 'orders', partition: 0, from: '7', to: earliest, isSameLog: true };
  assert.deepEqual(resets(), [reset]);
  assert.deepEqual(committed, [{ partition: 0, offset: '7', metadata: null }]);
});

test('a commit carries the metadata of its caller behind the id of the topic, and the next reader gets it', async () => {
  committed = [];
  const marked = { partition: 0, offset: '72', metadata: 's3=70' };
  await offsetsOf('first').commitOffsets({ topics: [{ topic: 'orders', partitions: [marked] }] });
  const metadata = 'topic-id=first s3=70';
  assert.deepEqual(committed, [{ partition: 0, offset: '72', metadata }]);
  await offsetsOf('first').resolveOffsets();
  const started = { topic: 'orders', partition: 0, offset: '72' };
  assert.deepEqual(starts(), [{ ...started, metadata, topicId: 'first' }]);
  await offsetsOf('second').resolveOffsets();
  const again = { ...started, offset: earliest, metadata: null, topicId: 'second' };
  assert.deepEqual(starts(), [{ ...started, metadata, topicId: 'first' }, again]);
});
