import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { groupProtocol } from './kafka-client.ts';

// patches/kafkajs@2.2.4.patch lets a member join again whenever the coordinator asks for it, and once.
const load = createRequire(import.meta.url);
const ConsumerGroup = load('kafkajs/src/consumer/consumerGroup.js') as new (
  options: object,
) => {
  joinAndSync(): Promise<void>;
  heartbeat(options: { interval: number }): Promise<void>;
  fetch(nodeId: number): Promise<object[]>;
};
const { createErrorFromCode } = load('kafkajs/src/protocol/error.js') as {
  createErrorFromCode(code: number): Error;
};
const logger = { namespace: () => logger, debug() {}, info() {}, warn() {}, error() {} };
const maxWaitTimeInMs = 30;

/** A member that reads partition 0 of `orders` from broker 1. Its joins and heartbeats are answered by these functions. */
async function memberOf(answers: {
  heartbeats?: (() => Promise<void>)[];
  joins?: Promise<void>[];
}) {
  const heartbeats: Promise<void>[] = [];
  let fetches = 0;
  const { heartbeats: answersLeft = [], joins = [] } = answers;
  const coordinator = {
    isConnected: () => true,
    joinGroup: async () => {
      await joins.shift();
      return { memberId: 'member', leaderId: 'other', generationId: 1, members: [] };
    },
    syncGroup: async () => ({
      memberAssignment: groupProtocol.MemberAssignment.encode({
        version: 1,
        assignment: { orders: [0] },
        userData: Buffer.alloc(0),
      }),
    }),
    offsetFetch: async () => ({
      responses: [{ topic: 'orders', partitions: [{ partition: 0, offset: '7', metadata: null }] }],
    }),
    heartbeat: () => {
      heartbeats.push(answersLeft.shift()?.() ?? Promise.resolve());
      return heartbeats.at(-1);
    },
  };
  const broker = {
    fetch: async () => {
      fetches += 1;
      return { responses: [] };
    },
  };
  const offsets = { orders: {} };
  const group = new ConsumerGroup({
    logger,
    instrumentationEmitter: { emit() {} },
    retry: { initialRetryTime: 1, maxRetryTime: 1, retries: 0 },
    groupId: 'group',
    topics: ['orders'],
    topicConfigurations: { orders: { fromBeginning: true } },
    assigners: [],
    autoCommit: false,
    maxWaitTimeInMs,
    cluster: {
      findGroupCoordinator: async () => coordinator,
      refreshMetadata: async () => {},
      refreshMetadataIfNecessary: async () => {},
      findTopicId: () => 'id',
      findTopicPartitionMetadata: () => [{ partitionId: 0, leader: 1 }],
      committedOffsets: () => offsets,
      findBroker: async () => broker,
    },
  });
  await group.joinAndSync();
  return {
    group,
    beat: () => group.heartbeat({ interval: 0 }),
    heartbeats,
    fetches: () => fetches,
    /** Every heartbeat has its answer. */
    async answered() {
      await Promise.allSettled(heartbeats);
      await new Promise(setImmediate);
    },
  };
}

const refusals = { ILLEGAL_GENERATION: 22, UNKNOWN_MEMBER_ID: 25, REBALANCE_IN_PROGRESS: 27 };

for (const roundTripMs of [300, 700])
  for (const [type, code] of Object.entries(refusals))
    test(`${type} after ${roundTripMs} ms is thrown by each later heartbeat, until the member joins again`, async () => {
      const refused = createErrorFromCode(code);
      const refuse = async () => {
        await setTimeout(roundTripMs);
        throw refused;
      };
      const { group, beat, heartbeats, answered } = await memberOf({ heartbeats: [refuse] });
      await beat();
      await answered();
      await assert.rejects(beat(), refused);
      await assert.rejects(group.heartbeat({ interval: 60_000 }), refused);
      assert.equal(heartbeats.length, 1, 'the coordinator is not asked again');
      await group.joinAndSync();
      await beat();
      assert.equal(heartbeats.length, 2);
    });

for (const arrives of ['during', 'after'] as const)
  test(`a refusal that arrives ${arrives} the next join does not end the assignment that it brings`, async () => {
    const refused = createErrorFromCode(refusals.REBALANCE_IN_PROGRESS);
    const [heartbeat, join] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { group, beat, answered } = await memberOf({
      heartbeats: [() => heartbeat.promise, async () => {}, () => Promise.reject(refused)],
      joins: [Promise.resolve(), join.promise],
    });
    const waiting = beat();
    const joining = group.joinAndSync();
    if (arrives === 'after') {
      join.resolve();
      await joining;
    }
    heartbeat.reject(refused);
    await waiting;
    await answered();
    join.resolve();
    await joining;
    await beat();
    await assert.rejects(beat(), refused, 'a refusal of the new assignment counts');
  });

test('while a member joins, its fetchers wait instead of fetching what no handler takes', async () => {
  const join = Promise.withResolvers<void>();
  const { group, fetches } = await memberOf({ joins: [Promise.resolve(), join.promise] });
  await group.fetch(1);
  assert.equal(fetches(), 1);

  const joining = group.joinAndSync();
  const started = performance.now();
  for (let round = 0; round < 3; round += 1) assert.deepEqual(await group.fetch(1), []);
  // A timer may fire up to 1 ms early.
  assert.ok(performance.now() - started >= 3 * (maxWaitTimeInMs - 1));
  assert.equal(fetches(), 1);

  join.resolve();
  await joining;
  await group.fetch(1);
  assert.equal(fetches(), 2);
});
