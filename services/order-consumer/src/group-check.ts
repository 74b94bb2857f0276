import { groupProtocol, type Logger } from '@order-stream/runtime';
import type { GroupDescription } from 'kafkajs';
import type { ConsumerHealth } from './consumer-health.ts';
import type { ConsumerMetrics } from './metrics.ts';

export interface AssignedMember {
  /** The topics that the member subscribed to. */
  topics: readonly string[];
  assignment: Readonly<Record<string, readonly number[]>>;
}

// Kafka's `Dead` is a group that does not exist: it never had a member, or its last one and its offsets are gone.
const settledStates = new Set(['Stable', 'Empty', 'Dead']);

const remedy =
  'Stop the members of an earlier version or of another program, or set another GROUP_ID';

/**
 * Compares the group's assignment, as the coordinator describes it, with the topics that this member reads. A leader of an
 * earlier version or of another program may assign only its own topics, or assign topics to members that do not read them.
 */
export function createGroupCheck(options: {
  /** The group as its coordinator sees it. */
  groupDescription(): Promise<GroupDescription | undefined>;
  groupId: string;
  topics: readonly string[];
  /** Undefined while the topic is missing or waits: no member subscribes to it. */
  partitionCount(topic: string): number | undefined;
  health: Pick<ConsumerHealth, 'need'>;
  metrics: Pick<ConsumerMetrics, 'unassigned'>;
  logger: Logger;
  /** Shorter gaps are normal: new partitions wait until a member finds them. Default 15 s. */
  settleMs?: number;
  now?: () => number;
}) {
  const { groupId, topics, partitionCount, health, metrics, logger } = options;
  const { settleMs = 15_000, now = () => performance.now() } = options;
  const unassignedSince = new Map<string, number>();
  let reported: string | undefined;
  let otherLists = '';

  function reportUnassigned(members: readonly AssignedMember[]): void {
    const faults: string[] = [];
    for (const topic of topics) {
      const count = partitionCount(topic) ?? 0;
      const unassigned = unassignedPartitions(members, topic, count);
      const since = unassigned === 0 ? undefined : (unassignedSince.get(topic) ?? now());
      if (since === undefined) unassignedSince.delete(topic);
      else unassignedSince.set(topic, since);
      const isFault = since !== undefined && now() - since >= settleMs;
      metrics.unassigned(topic, isFault ? unassigned : 0);
      if (isFault)
        faults.push(
          `topic ${topic}: ${unassigned} of ${count} partitions are assigned to no member of the group ${groupId} that reads the topic`,
        );
    }
    const advice = members.length === 0 ? 'The group has no members' : remedy;
    const fault = faults.length === 0 ? undefined : `${faults.join('; ')}. ${advice}`;
    if (fault !== reported && fault !== undefined) logger.warn({ groupId }, fault);
    reported = fault;
    health.need('assignment', fault);
  }

  function reportOtherLists(members: readonly AssignedMember[]): void {
    // A member that waits for a topic of its list does not subscribe to it.
    const waits = (topic: string) => topics.includes(topic) && partitionCount(topic) === undefined;
    const listOf = (all: readonly string[]) =>
      JSON.stringify(all.filter((topic) => !waits(topic)).sort());
    const own = listOf(topics);
    const lists = new Set(members.map((member) => listOf(member.topics)));
    lists.delete(own);
    const others = [...lists].sort().join();
    if (others !== otherLists && others !== '')
      logger.warn(
        { groupId, topics, others: [...lists].map((list) => JSON.parse(list)) },
        'other members of the group have another TOPIC_NAMES: each topic is read by the members that list it',
      );
    otherLists = others;
  }

  return {
    /**
     * Asks the coordinator and reports to `health` and `metrics`. While the group rebalances, the last report stays.
     *
     * @throws the client's error when no coordinator answers
     */
    async check(): Promise<void> {
      const group = await options.groupDescription();
      if (group === undefined || !settledStates.has(group.state)) return;
      const members = group.members.map(({ memberMetadata, memberAssignment }) => ({
        topics: groupProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? [],
        assignment: groupProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {},
      }));
      reportOtherLists(members);
      reportUnassigned(members);
    },
  };
}

/** Number of the topic's partitions that belong to no member which subscribed to the topic. */
export function unassignedPartitions(
  members: readonly AssignedMember[],
  topic: string,
  count: number,
): number {
  const readers = members.filter(({ topics }) => topics.includes(topic));
  const owned = new Set(readers.flatMap(({ assignment }) => assignment[topic] ?? []));
  return Array.from({ length: count }, (_, partition) => partition).filter(
    (partition) => !owned.has(partition),
  ).length;
}
