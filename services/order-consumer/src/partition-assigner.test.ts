import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupProtocol, type KafkaClient, type Logger } from '@order-stream/runtime';
import type { Assigner, Cluster, PartitionAssigner } from 'kafkajs';
import { createPartitionAssigners } from './partition-assigner.ts';

const silent = { warn() {} } as unknown as Logger;
const unasked: Pick<KafkaClient, 'partitionMetadata'> = {
  partitionMetadata: () => assert.fail('the broker is not asked'),
};
const partitionsOf = (count: number) => Array.from({ length: count }, () => ({}));

/** The assigners of a member that knows these partition counts, most wanted first. */
function assigners(counts: Record<string, number>, client = unasked): Assigner[] {
  const cluster = {
    findTopicPartitionMetadata: (topic: string) => partitionsOf(counts[topic] ?? 0),
  } as unknown as Cluster;
  const context = {
    cluster,
    groupId: 'g',
    logger: silent,
  } as unknown as Parameters<PartitionAssigner>[0];
  return createPartitionAssigners({ client, logger: silent }).map((create) => create(context));
}

const subscription = (counts: Record<string, number>) =>
  assigners(counts)[0]?.protocol({ topics: Object.keys(counts) }).metadata as Buffer;

/** As kafkajs and Java send it. */
const foreignSubscription = (topics: string[], userData = Buffer.alloc(0)) =>
  groupProtocol.MemberMetadata.encode({ version: 0, topics, userData });

async function assign(
  leader: Assigner | undefined,
  topics: string[],
  members: Record<string, Buffer>,
): Promise<Record<string, Record<string, number[]>>> {
  const assigned = await leader?.assign({
    topics,
    members: Object.entries(members).map(([memberId, memberMetadata]) => ({
      memberId,
      memberMetadata,
    })),
  });
  return Object.fromEntries(
    (assigned ?? []).map(({ memberId, memberAssignment }) => [
      memberId,
      groupProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {},
    ]),
  );
}

test('F04 the name that members of an earlier version know is offered last', () => {
  assert.deepEqual(
    assigners({}).map(({ name, protocol }) => [name, protocol({ topics: [] }).name]),
    [
      ['by-subscription', 'by-subscription'],
      ['RoundRobinAssigner', 'RoundRobinAssigner'],
    ],
  );
});

test('F04 the leader assigns topics that only another member reads, with the counts that the member states', async () => {
  for (const leader of assigners({ a: 2 })) {
    const members = { leader: subscription({ a: 2 }), other: subscription({ a: 2, b: 3 }) };
    assert.deepEqual(await assign(leader, ['a'], members), {
      leader: { a: [0, 1] },
      other: { b: [0, 1, 2] },
    });
  }
});

test('F04 the leader asks the broker for topics of members that state no counts', async () => {
  const counts: Record<string, number> = { b: 2, json: 1 };
  const client = {
    partitionMetadata: async ([topic = '']) =>
      new Map(counts[topic] === undefined ? [] : [[topic, partitionsOf(counts[topic])]]),
  } as Pick<KafkaClient, 'partitionMetadata'>;
  const members = {
    leader: subscription({ a: 1 }),
    foreign: foreignSubscription(['b', 'missing']),
    json: foreignSubscription(['json'], Buffer.from('{"json":"x"}')),
    bytes: foreignSubscription(['json'], Buffer.of(0, 255)),
  };
  const [leader] = assigners({ a: 1 }, client);
  const { leader: own, foreign, json, bytes } = await assign(leader, ['a'], members);
  assert.deepEqual([own, foreign], [{ a: [0] }, { b: [0, 1] }]);
  assert.deepEqual({ ...json, ...bytes }, { json: [0] });
});

test('F04 a topic that the leader may not describe does not stop the others; an unreachable broker is a throw', async () => {
  let failure = Object.assign(new Error('denied'), {
    name: 'KafkaJSProtocolError',
    type: 'TOPIC_AUTHORIZATION_FAILED',
  });
  const client = { partitionMetadata: () => Promise.reject(failure) };
  const members = { leader: subscription({ a: 1 }), foreign: foreignSubscription(['b']) };
  const [leader] = assigners({ a: 1 }, client);
  assert.deepEqual(await assign(leader, ['a'], members), { leader: { a: [0] }, foreign: {} });
  failure = Object.assign(new Error('closed'), { name: 'KafkaJSConnectionError', type: '' });
  await assert.rejects(assign(leader, ['a'], members), /closed/);
});

test('F04 a member that finds new partitions joins with other metadata, so that the group rebalances', () => {
  assert.deepEqual(subscription({ b: 3 }), subscription({ b: 3 }));
  assert.notDeepEqual(subscription({ b: 3 }), subscription({ b: 6 }));
});

test('F04 the leader trusts its own view of the topics that it reads, also if another member states more', async () => {
  const members = { leader: subscription({ a: 1 }), other: subscription({ a: 4 }) };
  const assigned = await assign(assigners({ a: 1 })[0], ['a'], members);
  assert.deepEqual(assigned, { leader: { a: [0] }, other: {} });
});
