import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { groupProtocol, type Logger } from '@order-stream/runtime';
import type { GroupDescription } from 'kafkajs';
import { createGroupCheck, unassignedPartitions } from './group-check.ts';

/** A member as the coordinator describes it: the bytes are those that its client sent. */
const member = (
  topics: string[],
  assignment: Record<string, number[]>,
): GroupDescription['members'][number] => ({
  memberId: 'm',
  clientId: 'c',
  clientHost: '/127.0.0.1',
  memberMetadata: groupProtocol.MemberMetadata.encode({
    version: 0,
    topics,
    userData: Buffer.alloc(0),
  }),
  memberAssignment: groupProtocol.MemberAssignment.encode({
    version: 0,
    assignment,
    userData: Buffer.alloc(0),
  }),
});

let clock: number;
let group: GroupDescription;
let faults: (string | undefined)[];
let gauge: Record<string, number>;
let warnings: string[];
let check: () => Promise<void>;

beforeEach(() => {
  clock = 0;
  group = { groupId: 'g', state: 'Stable', protocol: 'p', protocolType: 'consumer', members: [] };
  faults = [];
  gauge = {};
  warnings = [];
  const counts = new Map([
    ['a', 2],
    ['b', 3],
  ]);
  ({ check } = createGroupCheck({
    groupDescription: async () => group,
    groupId: 'g',
    topics: ['a', 'b', 'missing'],
    partitionCount: (topic) => counts.get(topic),
    health: { need: (_need, fault) => faults.push(fault) },
    metrics: {
      unassigned: (topic, partitions) => {
        gauge[topic] = partitions;
      },
    },
    logger: { warn: (_fields: object, text: string) => warnings.push(text) } as unknown as Logger,
    now: () => clock,
  }));
});

const own = (assignment: Record<string, number[]>) => member(['a', 'b', 'missing'], assignment);

test('F04 a topic that no member reads is a fault after 15 s, and no longer when a member reads it', async () => {
  group.members = [own({ a: [0, 1] })];
  await check();
  assert.equal(faults.at(-1), undefined, 'members may be about to find new partitions');
  clock += 15_000;
  await check();
  assert.match(
    String(faults.at(-1)),
    /^topic b: 3 of 3 partitions are assigned to no member of the group g/,
  );
  assert.deepEqual(gauge, { a: 0, b: 3, missing: 0 });
  await check();
  assert.equal(warnings.length, 1, 'one line, however often it is checked');
  group.members = [own({ a: [0, 1], b: [0, 1, 2] })];
  await check();
  assert.equal(faults.at(-1), undefined);
  assert.deepEqual(gauge, { a: 0, b: 0, missing: 0 });
});

test('F04 partitions that were assigned to a member that does not read the topic are read by nobody', async () => {
  group.members = [own({ a: [0, 1], b: [0] }), member(['a'], { b: [1, 2] })];
  await check();
  clock += 15_000;
  await check();
  assert.match(String(faults.at(-1)), /^topic b: 2 of 3 partitions/);
});

test('F04 while the group rebalances the last report stays; a group without members reads nothing', async () => {
  group.state = 'PreparingRebalance';
  await check();
  clock += 60_000;
  await check();
  assert.deepEqual(faults, []);
  group.state = 'Empty';
  await check();
  clock += 15_000;
  await check();
  assert.deepEqual(gauge, { a: 2, b: 3, missing: 0 });
});

test('F04 a group that does not exist, because no member could join it, reads nothing', async () => {
  group.state = 'Dead';
  await check();
  clock += 15_000;
  await check();
  assert.deepEqual(gauge, { a: 2, b: 3, missing: 0 });
  assert.match(String(faults.at(-1)), /\. The group has no members$/);
});

test('F04 another list of topics in the group is one warning, again when the lists change', async () => {
  group.members = [own({ a: [0, 1], b: [0, 1, 2] }), member(['missing', 'b', 'a'], {})];
  await check();
  assert.deepEqual(warnings, [], 'another order is the same list');
  group.members.push(member(['a'], {}));
  await check();
  await check();
  assert.equal(warnings.length, 1);
  group.members.push(member(['c'], {}));
  await check();
  assert.equal(warnings.length, 2);
});

test('a member without an assignment has nothing', () => {
  assert.equal(unassignedPartitions([{ topics: ['a'], assignment: {} }], 'a', 2), 2);
  assert.equal(unassignedPartitions([], 'a', 0), 0);
});
