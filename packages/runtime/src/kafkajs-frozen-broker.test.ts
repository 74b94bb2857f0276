import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import {
  apiVersions,
  clientOf,
  int16,
  int32,
  metadata,
  noAnswer,
  startBroker,
  text,
} from './testing/protocol-broker.ts';

// patches/kafkajs@2.2.4.patch lets a client go on when a broker has frozen: it accepts connections and answers nothing.
const load = createRequire(import.meta.url);
const BrokerPool = load('kafkajs/src/cluster/brokerPool.js') as new (
  options: object,
) => { brokers: object; findConnectedBroker(): Promise<{ nodeId: number }> };
const ConsumerGroup = load('kafkajs/src/consumer/consumerGroup.js') as new (
  options: object,
) => {
  coordinator: object;
  isJoined: boolean;
  heartbeat(options: { interval: number }): Promise<void>;
  recoverFromFetch(error: Error): Promise<void>;
};
const OffsetManager = load('kafkajs/src/consumer/offsetManager/index.js') as new (
  options: object,
) => { commitOffsets(offsets: object): Promise<void> };
const logger = { namespace: () => logger, debug() {}, info() {}, warn() {}, error() {} };
const instrumentationEmitter = { emit() {} };

const listOffsets = 2;

/** A cluster of a broker that answers and one that leads the topic and is frozen. `replace` takes it out of the cluster. */
async function frozenLeader(requestTimeoutMs: number) {
  const frozen = await startBroker(() => noAnswer);
  let isReplaced = false;
  const { address } = await startBroker((apiKey) => {
    if (apiKey !== metadata) return undefined;
    const nodes = isReplaced ? [address] : [address, frozen.address];
    const brokers = nodes.flatMap((node, index) => [
      ...[int32(index + 1), text('127.0.0.1'), int32(Number(node.split(':')[1])), int16(-1)],
    ]);
    const partition = [int16(0), int32(0), int32(nodes.length), int32(0), int32(0)];
    const topic = [int16(0), text('orders'), Buffer.from([0]), int32(1), ...partition];
    return Buffer.concat([int32(nodes.length), ...brokers, int32(1), int32(1), ...topic]);
  });
  const { client } = clientOf(address, {}, { requestTimeoutMs, connectionTimeoutMs: 1_000 });
  const admin = await client.metadataAdmin();
  await admin.fetchTopicMetadata({ topics: ['orders'] });
  return {
    admin,
    asked: () => until(() => frozen.requests.length > 0),
    replace() {
      isReplaced = true;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

async function secondsOf(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return (performance.now() - started) / 1_000;
}

test('requests that wait for the same frozen broker fail together, not one after another', async () => {
  const { admin } = await frozenLeader(1_000);
  const requests = Array.from({ length: 5 }, () => admin.fetchTopicOffsets('orders'));
  assert.ok((await secondsOf(() => Promise.allSettled(requests))) < 2.5);
});

test('requests that wait for a frozen broker fail as soon as the cluster has replaced it', async () => {
  const { admin, asked, replace } = await frozenLeader(60_000);
  const waiting = admin.fetchTopicOffsets('orders');
  await asked();
  replace();
  assert.ok((await secondsOf(() => assert.rejects(waiting))) < 5);
});

test('a client disconnects although a request to a frozen broker has no answer yet', async () => {
  const versions = [apiVersions, metadata, listOffsets].map((key) =>
    Buffer.concat([int16(key), int16(0), int16(1)]),
  );
  const { address, requests } = await startBroker((apiKey) => {
    if (apiKey === listOffsets) return noAnswer;
    if (apiKey !== apiVersions) return undefined;
    return Buffer.concat([int16(0), int32(versions.length), ...versions, int32(0)]);
  });
  const admin = clientOf(address, {}, { requestTimeoutMs: 500 }).client.admin();
  await admin.connect();
  const waiting = assert.rejects(admin.fetchTopicOffsets('orders'));
  await until(() => requests.some(({ apiKey }) => apiKey === listOffsets));
  assert.ok((await secondsOf(() => admin.disconnect())) < 3);
  await waiting;
});

test('metadata come from the broker that owes no answer', async () => {
  const pool = new BrokerPool({ connectionPoolBuilder: {}, logger });
  const brokerOf = (nodeId: number, waitingTime: number, isConnected = true) => ({
    nodeId,
    waitingTime: () => waitingTime,
    isConnected: () => isConnected,
  });
  pool.brokers = { 1: brokerOf(1, 900), 2: brokerOf(2, 200), 3: brokerOf(3, 0, false) };
  for (let i = 0; i < 20; i += 1) assert.equal((await pool.findConnectedBroker()).nodeId, 2);
});

const failure = (name: string, type?: string) => Object.assign(new Error(name), { name, type });
const lost = [
  failure('KafkaJSRequestTimeoutError'),
  failure('KafkaJSConnectionError'),
  failure('KafkaJSProtocolError', 'NOT_COORDINATOR_FOR_GROUP'),
  failure('KafkaJSProtocolError', 'GROUP_LOAD_IN_PROGRESS'),
];
const refused = failure('KafkaJSProtocolError', 'ILLEGAL_GENERATION');

/** Two coordinators. The first one, which the member knows, fails; a look for the coordinator finds the second one. */
function coordinatorsOf(fail: () => Promise<never>) {
  const calls: string[] = [];
  const coordinator = (name: string, answer: () => Promise<void>) => {
    const request = async () => {
      calls.push(name);
      await answer();
    };
    return { isConnected: () => true, heartbeat: request, offsetCommit: request };
  };
  const [first, second] = [coordinator('first', fail), coordinator('second', async () => {})];
  const cluster = {
    findGroupCoordinator: async () => second,
    refreshMetadata: async () => void calls.push('metadata'),
    committedOffsets: () => ({ orders: {} }),
  };
  const options = { cluster, logger, instrumentationEmitter, memberId: 'member', groupId: 'group' };
  const group = new ConsumerGroup({ ...options, topics: [], maxWaitTimeInMs: 1 });
  group.coordinator = first;
  group.isJoined = true;
  const memberAssignment = { orders: [0] };
  const offsets = new OffsetManager({ ...options, coordinator: first, memberAssignment });
  const commit = () =>
    offsets.commitOffsets({
      topics: [{ topic: 'orders', partitions: [{ partition: 0, offset: '1' }] }],
    });
  return { group, commit, calls };
}

test('a heartbeat without an answer holds up its callers for 250 ms in all', async () => {
  const { group } = coordinatorsOf(() => new Promise<never>(() => {}));
  const beatTwice = async () => {
    await group.heartbeat({ interval: 0 });
    await group.heartbeat({ interval: 0 });
  };
  assert.ok((await secondsOf(beatTwice)) < 2);
});

for (const error of lost) {
  const fails = `${error.type ?? error.name} of the coordinator`;
  test(`${fails} ends no session: the next heartbeat goes to the coordinator that is found`, async () => {
    const { group, calls } = coordinatorsOf(() => Promise.reject(error));
    await group.heartbeat({ interval: 0 });
    await group.heartbeat({ interval: 0 });
    assert.deepEqual(calls, ['first', 'second']);
  });

  test(`${fails} fails no commit: it is sent to the coordinator that is found`, async () => {
    const { commit, calls } = coordinatorsOf(() => Promise.reject(error));
    await commit();
    assert.deepEqual(calls, ['first', 'second']);
  });
}

test('a heartbeat and a commit that the coordinator refuses are not repeated', async () => {
  const { group, commit, calls } = coordinatorsOf(() => Promise.reject(refused));
  await assert.rejects(group.heartbeat({ interval: 0 }), refused);
  await assert.rejects(commit(), refused);
  assert.deepEqual(calls, ['first', 'first']);
});

test('a fetch that a frozen broker does not answer leaves the fetchers of the others alone', async () => {
  const { group, calls } = coordinatorsOf(() => Promise.reject(refused));
  for (const error of lost.slice(0, 2)) await group.recoverFromFetch(error);
  assert.deepEqual(calls, ['metadata', 'metadata']);
  await assert.rejects(group.recoverFromFetch(refused), refused);
});
