import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { groupProtocol } from './kafka-client.ts';

// patches/kafkajs@2.2.4.patch lets a consumer take the place of a crashed one in the group.
const load = createRequire(import.meta.url);
const ConsumerGroup = load('kafkajs/src/consumer/consumerGroup.js') as new (
  options: object,
) => {
  memberId: string | null;
  isJoined: boolean;
  joinAndSync(): Promise<void>;
  heartbeat(options: { interval: number }): Promise<void>;
};
const Runner = load('kafkajs/src/consumer/runner.js') as new (
  options: object,
) => { start(): Promise<void>; stop(): Promise<void> };
const logger = { namespace: () => logger, debug() {}, info() {}, warn() {}, error() {} };
const instrumentationEmitter = { emit() {} };
const retry = { initialRetryTime: 1, maxRetryTime: 1, retries: 5 };
const failure = (type: string, retriable = false) =>
  Object.assign(new Error(type), { type, retriable });

function coordinatorOf(join: (memberId: string) => string, calls: string[] = [], name = 'first') {
  return {
    connected: true,
    isConnected() {
      return this.connected;
    },
    joinGroup: async ({ memberId }: { memberId: string }) => {
      calls.push(`join as '${memberId}'`);
      return { memberId: join(memberId), leaderId: 'other', generationId: 1, members: [] };
    },
    syncGroup: async () => ({
      memberAssignment: groupProtocol.MemberAssignment.encode({
        version: 1,
        assignment: {},
        userData: Buffer.alloc(0),
      }),
    }),
    heartbeat: async () => void calls.push(`heartbeat to the ${name}`),
  };
}

function groupOf(memberId: string | undefined, findGroupCoordinator: () => object) {
  return new ConsumerGroup({
    logger,
    instrumentationEmitter,
    retry,
    memberId,
    groupId: 'group',
    topics: [],
    topicConfigurations: {},
    assigners: [],
    autoCommit: false,
    cluster: {
      findGroupCoordinator: async () => findGroupCoordinator(),
      refreshMetadata: async () => {},
      committedOffsets: () => ({}),
    },
  });
}

test('a consumer takes the place of a crashed one by its member id', async () => {
  const calls: string[] = [];
  const coordinator = coordinatorOf((memberId) => memberId || 'new', calls);
  await groupOf('crashed', () => coordinator).joinAndSync();
  await groupOf(undefined, () => coordinator).joinAndSync();
  assert.deepEqual(calls, ["join as 'crashed'", "join as ''"]);
});

test('when the group has removed the crashed member, the consumer joins as a new one', async () => {
  const calls: string[] = [];
  const coordinator = coordinatorOf((memberId) => {
    if (memberId !== '') throw failure('UNKNOWN_MEMBER_ID');
    return 'new';
  }, calls);
  const group = groupOf('crashed', () => coordinator);
  await group.joinAndSync();
  assert.deepEqual(calls, ["join as 'crashed'", "join as ''"]);
  assert.equal(group.memberId, 'new');
});

test('a member counts as joined when its latest attempt to join has succeeded', async () => {
  let isRefused = false;
  const coordinator = coordinatorOf(() => {
    if (isRefused) throw failure('GROUP_AUTHORIZATION_FAILED');
    return 'member';
  });
  const group = groupOf(undefined, () => coordinator);
  const seen = [group.isJoined];
  for (isRefused of [false, true, false]) {
    await group.joinAndSync().catch(() => undefined);
    seen.push(group.isJoined);
  }
  assert.deepEqual(seen, [false, true, false, true]);
});

test('heartbeats go to the coordinator that answers now', async () => {
  const calls: string[] = [];
  const first = coordinatorOf(() => 'member', calls, 'first');
  const second = coordinatorOf(() => 'member', calls, 'second');
  const group = groupOf(undefined, () => (first.connected ? first : second));
  await group.joinAndSync();
  await group.heartbeat({ interval: 0 });
  first.connected = false;
  await group.heartbeat({ interval: 0 });
  assert.deepEqual(calls.slice(1), ['heartbeat to the first', 'heartbeat to the second']);
});

const crash = Object.assign(new Error('crash'), { name: 'KafkaJSNotImplemented' });

/** A runner whose looks for brokers fail with these errors, and whose joins succeed or fail. */
function runnerOf(options: { errors: Error[]; joins: boolean[] }) {
  const calls: string[] = [];
  const crashed = Promise.withResolvers<void>();
  const consumerGroup = {
    memberId: 'member' as string | null,
    isJoined: false,
    connect: async () => {},
    joinAndSync: async () => {
      calls.push('join');
      consumerGroup.isJoined = false;
      if (options.joins.shift() === false) throw failure('connection lost', true);
      consumerGroup.memberId = 'member';
      consumerGroup.isJoined = true;
    },
    getNodeIds: () => {
      calls.push('fetch');
      const error = options.errors.shift();
      if (error !== undefined) throw error;
      return [0];
    },
    fetch: async () => [],
    heartbeat: () => new Promise(setImmediate),
    leave: async () => void calls.push('leave'),
  };
  const runner = new Runner({
    logger,
    instrumentationEmitter,
    consumerGroup,
    retry,
    onCrash: async () => {
      await runner.stop();
      crashed.resolve();
    },
  });
  return { runner, calls, crashed: crashed.promise };
}

test('a consumer leaves the group when it is stopped, and not when it crashes', async () => {
  const stopped = runnerOf({ errors: [], joins: [] });
  await stopped.runner.start();
  await stopped.runner.stop();
  assert.equal(stopped.calls.at(-1), 'leave');
  const { runner, crashed, calls } = runnerOf({ errors: [crash], joins: [] });
  await runner.start();
  await crashed;
  assert.deepEqual(calls, ['join', 'fetch']);
});

for (const type of ['UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS'])
  test(`after ${type}, a member fetches nothing before it has joined again`, async () => {
    const { runner, crashed, calls } = runnerOf({
      errors: [failure(type), crash],
      joins: [true, false, true],
    });
    await runner.start();
    await crashed;
    assert.deepEqual(calls, ['join', 'fetch', 'join', 'join', 'fetch']);
  });
