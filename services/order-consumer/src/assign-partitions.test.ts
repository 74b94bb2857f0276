import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assignPartitions, type GroupMember } from './assign-partitions.ts';

const topicNames = ['a', 'b', 'c', 'd', 'e'];
const groups = fc.record({
  members: fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 8 }),
      topics: fc.subarray(topicNames),
    }),
    { minLength: 1, maxLength: 7, selector: ({ id }) => id },
  ),
  counts: fc
    .tuple(...topicNames.map(() => fc.integer({ min: 0, max: 12 })))
    .map((counts) => new Map(topicNames.map((topic, i) => [topic, counts[i] as number]))),
});

type Assignment = ReturnType<typeof assignPartitions>;

const plain = (assignment: Assignment) =>
  Object.fromEntries([...assignment].map(([id, topics]) => [id, Object.fromEntries(topics)]));

const loadOf = (assignment: Assignment, id: string) =>
  [...(assignment.get(id) ?? [])].reduce((sum, [, partitions]) => sum + partitions.length, 0);

/** Members to which `id` can hand over a partition, directly or through others. */
function reachable(members: readonly GroupMember[], assignment: Assignment, id: string) {
  const found = new Set([id]);
  for (const one of found)
    for (const topic of assignment.get(one)?.keys() ?? [])
      for (const member of members) if (member.topics.includes(topic)) found.add(member.id);
  return found;
}

test('F04 each partition of each subscribed topic goes to one member, which subscribed to the topic', () => {
  fc.assert(
    fc.property(groups, ({ members, counts }) => {
      const owners = new Map<string, string>();
      for (const [id, topics] of assignPartitions(members, counts))
        for (const [topic, partitions] of topics)
          for (const partition of partitions) {
            const subscribed = members.find((member) => member.id === id)?.topics;
            assert.ok(subscribed?.includes(topic), `${id} subscribed to ${topic}`);
            assert.ok(!owners.has(`${topic}/${partition}`), `${topic}/${partition} has one owner`);
            owners.set(`${topic}/${partition}`, id);
          }
      const subscribed = topicNames.filter((topic) =>
        members.some(({ topics }) => topics.includes(topic)),
      );
      const expected = subscribed.flatMap((topic) =>
        Array.from({ length: counts.get(topic) ?? 0 }, (_, i) => `${topic}/${i}`),
      );
      assert.deepEqual([...owners.keys()].sort(), expected.sort());
    }),
  );
});

test('F04 loads differ by at most 1 among members that can hand partitions over to each other', () => {
  fc.assert(
    fc.property(groups, ({ members, counts }) => {
      const assignment = assignPartitions(members, counts);
      for (const { id } of members)
        for (const other of reachable(members, assignment, id))
          assert.ok(loadOf(assignment, id) - loadOf(assignment, other) <= 1, `${id} → ${other}`);
    }),
  );
});

test('F04 with equal subscriptions the partitions of each topic are spread evenly as well', () => {
  fc.assert(
    fc.property(groups, ({ members, counts }) => {
      const equal = members.map(({ id }) => ({ id, topics: topicNames }));
      const assignment = assignPartitions(equal, counts);
      for (const topic of topicNames) {
        const sizes = equal.map(({ id }) => assignment.get(id)?.get(topic)?.length ?? 0);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, topic);
      }
    }),
  );
});

test('F04 every leader computes the same, whatever the order of members, topics and repetitions', () => {
  const shuffled = groups.chain(({ members, counts }) =>
    fc.record({
      members: fc.constant(members),
      counts: fc.constant(counts),
      order: fc.shuffledSubarray(members, { minLength: members.length }),
    }),
  );
  fc.assert(
    fc.property(shuffled, ({ members, counts, order }) => {
      const reversed = order.map(({ id, topics }) => ({
        id,
        topics: [...topics.toReversed(), ...topics],
      }));
      const reversedCounts = new Map([...counts].reverse());
      assert.deepEqual(
        plain(assignPartitions(reversed, reversedCounts)),
        plain(assignPartitions(members, counts)),
      );
    }),
  );
});

test('F04 a member that reads one more topic takes all of it, and less of the common topic', () => {
  const members = [
    { id: 'old', topics: ['a'] },
    { id: 'new', topics: ['a', 'b'] },
  ];
  const counts = new Map([
    ['a', 6],
    ['b', 4],
  ]);
  assert.deepEqual(plain(assignPartitions(members, counts)), {
    old: { a: [0, 1, 2, 3, 5] },
    new: { a: [4], b: [0, 1, 2, 3] },
  });
});

test('F04 partitions are handed over along a chain of members', () => {
  // Only `x` reads a, `x` and `y` read b, `y` and `z` read c. Without handovers z would have 2 and x 6.
  const members = [
    { id: 'x', topics: ['a', 'b'] },
    { id: 'y', topics: ['b', 'c'] },
    { id: 'z', topics: ['c'] },
  ];
  const counts = new Map([
    ['a', 4],
    ['b', 4],
    ['c', 4],
  ]);
  const assignment = assignPartitions(members, counts);
  assert.deepEqual(
    ['x', 'y', 'z'].map((id) => loadOf(assignment, id)),
    [4, 4, 4],
  );
});

test('F04 a member is assigned nothing if it subscribed to nothing, or if there are more members than partitions', () => {
  const members = [
    { id: 'a', topics: ['t'] },
    { id: 'b', topics: ['t'] },
    { id: 'c', topics: [] },
    { id: 'd', topics: ['missing'] },
  ];
  assert.deepEqual(plain(assignPartitions(members, new Map([['t', 1]]))), {
    a: { t: [0] },
    b: {},
    c: {},
    d: {},
  });
});
