import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import './kafka-client.ts';
import { javaBatch } from './record-batch/testing/java-batches.ts';
import {
  batchBytes,
  now,
  recordsBytes,
  type Sent,
  sentRecords,
  timeOf,
} from './record-batch/testing/protocol-bytes.ts';

// patches/kafkajs@2.2.4.patch lets record-batch/ encode and decode in place of kafkajs, whose requests and responses are
// used here.
const load = createRequire(import.meta.url);
const produceRequest = load('kafkajs/src/protocol/requests/produce/v3/request.js') as (
  options: object,
) => { encode(): Promise<{ buffer: Buffer }> };
const Decoder = load('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => object;
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js') as (
  decoder: object,
) => Promise<KafkaMessage[]>;
const Batch = load('kafkajs/src/consumer/batch.js') as new (
  topic: string,
  fetchedOffset: string,
  partition: object,
) => { messages: KafkaMessage[]; firstOffset(): string | null };
const Runner = load('kafkajs/src/consumer/runner.js') as new (
  options: object,
) => {
  running: boolean;
  fetch(nodeId: number): Promise<object[]>;
  commitOffsets(offsets: object): Promise<void>;
};
const groupMessagesPerPartition = load('kafkajs/src/producer/groupMessagesPerPartition.js') as (
  options: object,
) => Record<string, object[]>;

interface Request {
  buffer: Buffer;
  batch: Buffer;
}

async function request(messages: readonly Sent[], compression = 0): Promise<Request> {
  const partitions = [{ partition: 3, firstSequence: 7, messages }];
  const topicData = [{ topic: 'orders', partitions }];
  const ids = { producerId: '4711', producerEpoch: 2 };
  const options = { acks: -1, timeout: 5_000, compression, topicData, ...ids };
  const { buffer } = await produceRequest(options).encode();
  // int32 partitions, partition and size of the batch come before it.
  return { buffer, batch: buffer.subarray(buffer.indexOf('orders') + 'orders'.length + 12) };
}

beforeEach(() => mock.timers.enable({ apis: ['Date'], now }));
afterEach(() => mock.timers.reset());

test('a batch is what the protocol describes, byte for byte, whatever keys, values, headers and timestamps', async () => {
  await fc.assert(
    fc.asyncProperty(sentRecords, async (messages) => {
      const { batch } = await request(messages);
      assert.deepEqual(batch, batchBytes(messages, 0, recordsBytes(messages)));
    }),
  );
});

test('a compressed batch holds the same records', async () => {
  const gzip = 1;
  await fc.assert(
    fc.asyncProperty(sentRecords, async (messages) => {
      const { batch } = await request(messages, gzip);
      const records = batch.subarray(61);
      assert.deepEqual(gunzipSync(records), recordsBytes(messages));
      assert.deepEqual(batch, batchBytes(messages, gzip, records));
    }),
    { numRuns: 20 },
  );
});

test('what was written is read again, its first offset added, whatever keys, values, headers and timestamps', async () => {
  const bytesOf = (one: Buffer | string | null) =>
    one === null ? null : Buffer.from(one as string);
  const firstOffsets = fc.bigInt({ min: 0n, max: 2n ** 62n });
  await fc.assert(
    fc.asyncProperty(sentRecords, firstOffsets, async (messages, firstOffset) => {
      const { buffer, batch } = await request(messages);
      batch.writeBigInt64BE(firstOffset, 0);
      const batches = buffer.subarray(batch.byteOffset - buffer.byteOffset - 4);
      const read = await decodeMessages(new Decoder(batches));

      assert.equal(read.length, messages.length);
      for (const [index, sent] of messages.entries()) {
        const { key, value, headers = {} } = sent;
        const record = read[index] as KafkaMessage;
        assert.equal(record.offset, String(firstOffset + BigInt(index)));
        assert.equal(record.timestamp, String(timeOf(sent)));
        assert.deepEqual(record.key, bytesOf(key));
        assert.deepEqual(record.value, bytesOf(value));
        const expected = Object.entries(headers).flatMap(([name, values]) => {
          const all = [values].flat().map(bytesOf);
          return all.length === 0 ? [] : [[name, all.length === 1 ? all[0] : all]];
        });
        assert.deepEqual(Object.entries(record.headers ?? {}).sort(), expected.sort());
      }
    }),
  );
});

async function decoded(...batches: Buffer[]): Promise<KafkaMessage[]> {
  const bytes = Buffer.concat([Buffer.alloc(4), ...batches]);
  bytes.writeInt32BE(bytes.length - 4);
  return decodeMessages(new Decoder(bytes));
}

test('records before the offset that was asked for are left out', async () => {
  const messages = await decoded(javaBatch('gzip').bytes);
  const last = messages.length - 1;
  for (const [index, { offset }] of messages.entries()) {
    const batch = new Batch('orders', offset, { partition: 0, highWatermark: '9', messages });
    assert.deepEqual(batch.messages, messages.slice(index));
    assert.equal(batch.firstOffset(), offset);
  }
  const after = String(BigInt(messages[last]?.offset as string) + 1n);
  for (const none of [messages, []]) {
    const batch = new Batch('orders', after, { partition: 0, messages: none });
    assert.deepEqual(batch.messages, []);
  }
});

test('records of an aborted transaction and control records are left out', async () => {
  const [sent, abort, plain] = [
    javaBatch('transactional').bytes,
    javaBatch('a control batch that aborts').bytes,
    javaBatch('none').bytes,
  ];
  const firstOffset = String(sent.readBigInt64BE(0));
  abort.writeBigInt64BE(BigInt(firstOffset) + 5n, 0);
  const messages = await decoded(sent, abort, plain);
  const offsetsOf = (abortedTransactions: object[]) =>
    new Batch('orders', firstOffset, { abortedTransactions, messages }).messages.map(
      ({ offset }) => offset,
    );
  const offsets = messages.map(({ offset }) => offset);
  assert.deepEqual(offsetsOf([]), [...offsets.slice(0, 5), ...offsets.slice(6)]);
  assert.deepEqual(offsetsOf([{ producerId: '4711', firstOffset }]), offsets.slice(6));
});

test('records keep their order within each partition', () => {
  const messages = Array.from({ length: 9 }, (_, index) => ({ index, partition: index % 2 }));
  const partitioner = ({ message }: { message: { partition: number } }) => message.partition;
  const grouped = groupMessagesPerPartition({ messages, partitionMetadata: [{}], partitioner });
  assert.deepEqual(grouped, {
    0: messages.filter(({ partition }) => partition === 0),
    1: messages.filter(({ partition }) => partition === 1),
  });
});

test('F09 while a fetch is delayed, heartbeats go on, and the first that is refused ends the wait', async () => {
  const rebalancing = Object.assign(new Error('rebalancing'), { type: 'REBALANCE_IN_PROGRESS' });
  const logger = { namespace: () => logger, debug() {} };
  let heartbeats = 0;
  const runner = new Runner({
    logger,
    instrumentationEmitter: { emit() {} },
    heartbeatInterval: 1,
    autoCommit: false,
    consumerGroup: {
      getNodeIds: () => [0],
      fetch: (_: number, heartbeatDuring: (request: Promise<never>) => Promise<never>) =>
        heartbeatDuring(new Promise(() => {})),
      heartbeat: async () => {
        heartbeats += 1;
        if (heartbeats === 3) throw rebalancing;
      },
    },
  });
  runner.running = true;
  await assert.rejects(runner.fetch(0), rebalancing);
  assert.equal(heartbeats, 3);
});

test('without auto-commit, a commit makes one attempt, and fails when the consumer does not run', async () => {
  const refused = new Error('the coordinator is loading');
  const logger = { namespace: () => logger, debug() {} };
  let attempts = 0;
  const runner = new Runner({
    logger,
    autoCommit: false,
    retry: { initialRetryTime: 1, retries: 3 },
    consumerGroup: {
      async commitOffsets() {
        attempts += 1;
        throw refused;
      },
    },
  });
  runner.running = true;
  await assert.rejects(runner.commitOffsets({ topics: [] }), refused);
  assert.equal(attempts, 1);
  runner.running = false;
  await assert.rejects(runner.commitOffsets({ topics: [] }), { retriable: true });
  assert.equal(attempts, 1);
});

test('F16 kafkajs reads the wall clock only for points in time, and measures durations by the monotonic clock', () => {
  const folder = join(dirname(load.resolve('kafkajs')), 'src');
  const readsWallClock = globSync('**/*.js', { cwd: folder }).filter((path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    return /\bDate\.now\(|new Date\b/.test(text) && !text.includes("/utils/monotonicDate')");
  });
  assert.deepEqual(readsWallClock.sort(), [
    'instrumentation/event.js',
    'loggers/index.js',
    'protocol/message/v1/index.js',
    'protocol/recordBatch/v0/index.js',
    'protocol/requests/offsetCommit/v1/request.js',
    'protocol/requests/produce/v2/request.js',
    'protocol/requests/produce/v3/request.js',
  ]);
});

const produceResponse = load('kafkajs/src/protocol/requests/produce/v3/response.js') as {
  parse(response: object): Promise<object>;
};
const sendMessages = load('kafkajs/src/producer/sendMessages.js') as (parts: object) => Send;
type Send = (batch: object) => Promise<unknown>;

test('the error of a produce request has the answer of each partition', async () => {
  const answer = (partition: number, errorCode: number) => ({ partition, errorCode });
  const partitions = [answer(0, 0), answer(1, 19), answer(2, 6)];
  const parsing = produceResponse.parse({ topics: [{ topicName: 'orders', partitions }] });
  await assert.rejects(parsing, (error: Error & { type: string; errorTypes: object }) => {
    assert.equal(error.type, 'NOT_ENOUGH_REPLICAS');
    assert.deepEqual(
      error.errorTypes,
      new Map([
        [0, undefined],
        [1, 'NOT_ENOUGH_REPLICAS'],
        [2, 'NOT_LEADER_FOR_PARTITION'],
      ]),
    );
    return true;
  });
});

/** Sends one record through kafkajs's producer, whose broker and cluster behave as given. */
function sending(produce: () => Promise<never>, isConnected: boolean, beforeProduce?: () => void) {
  const fail = () => Promise.reject(new Error('refresh'));
  const sequences: number[] = [];
  const send = sendMessages({
    logger: { debug() {}, error() {} },
    partitioner: () => 0,
    cluster: {
      addMultipleTargetTopics: async () => {},
      refreshMetadataIfNecessary: async () => {},
      refreshMetadata: fail,
      connect: fail,
      isConnected: () => isConnected,
      findTopicPartitionMetadata: () => [{}],
      findLeaderForPartitions: () => ({ 1: [0] }),
      findBroker: async () => ({ nodeId: '1', produce }),
    },
    eosManager: {
      acquireBrokerLock: async () => {},
      releaseBrokerLock() {},
      isTransactional: () => false,
      getSequence: () => 0,
      updateSequence: (_topic: string, _partition: number, by: number) => sequences.push(by),
      getProducerId: () => 1,
      getProducerEpoch: () => 0,
    },
    retrier: (attempt: (bail: (error: Error) => void) => Promise<unknown>) =>
      new Promise((resolve, reject) => attempt(reject).then(resolve, reject)),
  });
  const topicMessages = [{ topic: 'orders', messages: [{ value: null }] }];
  return { sent: send({ acks: -1, topicMessages, beforeProduce }), sequences };
}

for (const isConnected of [true, false])
  test(`the error of a produce request is not replaced by that of the metadata request after it, ${isConnected ? 'connected' : 'reconnecting'}`, async () => {
    const refused = Object.assign(new Error('refused'), {
      name: 'KafkaJSProtocolError',
      type: 'NOT_LEADER_FOR_PARTITION',
    });
    await assert.rejects(sending(() => Promise.reject(refused), isConnected).sent, refused);
  });

test('a produce request that is kept back is not sent and takes no sequence numbers', async () => {
  const keptBack = new Error('kept back');
  const { sent, sequences } = sending(
    () => assert.fail('sent'),
    true,
    () => {
      throw keptBack;
    },
  );
  await assert.rejects(sent, keptBack);
  assert.deepEqual(sequences, []);
});
