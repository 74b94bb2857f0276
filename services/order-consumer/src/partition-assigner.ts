import {
  groupProtocol,
  type KafkaClient,
  type Logger,
  protocolErrorType,
} from '@order-stream/runtime';
import type { PartitionAssigner } from 'kafkajs';
import { assignPartitions } from './assign-partitions.ts';

// The coordinator chooses a name that every member offers. The second name is the only one that earlier versions of this service
// and other users of kafkajs offer: a group of both works, and changes to the first name when they have left.
const protocolNames = ['by-subscription', 'RoundRobinAssigner'];
const version = 0;

type Counts = ReadonlyMap<string, number>;

/**
 * Assigns partitions by what each member subscribed to. kafkajs's assigner gives the leader's topics to every member (kafkajs
 * issue 1040), so that nobody reads a topic that only another member subscribed to.
 *
 * Each member states the partition counts of its topics. A member that finds new partitions therefore rejoins with changed
 * metadata, which starts a rebalance; without a change, the coordinator only repeats the assignment of a follower.
 */
export function createPartitionAssigners(options: {
  client: Pick<KafkaClient, 'partitionMetadata'>;
  logger: Logger;
}): PartitionAssigner[] {
  const { client, logger } = options;
  return protocolNames.map(
    (name): PartitionAssigner =>
      ({ cluster }) => {
        const countOf = (topic: string) => cluster.findTopicPartitionMetadata(topic).length;

        /** The counts that members state, and the broker's for topics of which no member states one. */
        async function foreignCount(topic: string, stated: readonly Counts[]): Promise<number> {
          const highest = Math.max(0, ...stated.map((counts) => counts.get(topic) ?? 0));
          if (highest > 0) return highest;
          try {
            const found = await client.partitionMetadata([topic]);
            return found.get(topic)?.length ?? 0;
          } catch (error) {
            const reason = protocolErrorType(error);
            if (reason === undefined) throw error;
            // Such as TOPIC_AUTHORIZATION_FAILED: the other topics are assigned all the same.
            logger.warn({ topic, reason }, 'a topic of another member cannot be assigned');
            return 0;
          }
        }

        return {
          name,
          version,
          protocol: ({ topics }) => ({
            name,
            metadata: groupProtocol.MemberMetadata.encode({
              version,
              topics,
              userData: Buffer.from(
                JSON.stringify(Object.fromEntries(topics.map((topic) => [topic, countOf(topic)]))),
              ),
            }),
          }),
          /** Runs in the leader, directly after kafkajs has refreshed the metadata of the leader's `topics`. */
          async assign({ members, topics }) {
            const subscriptions = members.map(({ memberId, memberMetadata }) => ({
              id: memberId,
              ...subscriptionOf(memberMetadata),
            }));
            const stated = subscriptions.map(({ counts }) => counts);
            const counts = new Map<string, number>();
            for (const topic of new Set(subscriptions.flatMap((member) => member.topics)))
              counts.set(
                topic,
                topics.includes(topic) ? countOf(topic) : await foreignCount(topic, stated),
              );
            return [...assignPartitions(subscriptions, counts)].map(([memberId, assigned]) => ({
              memberId,
              memberAssignment: groupProtocol.MemberAssignment.encode({
                version,
                assignment: Object.fromEntries(assigned),
                userData: Buffer.alloc(0),
              }),
            }));
          },
        };
      },
  );
}

/** Members of other programs state no counts, or something else. */
function subscriptionOf(metadata: Buffer): { topics: string[]; counts: Counts } {
  const { topics, userData } = groupProtocol.MemberMetadata.decode(metadata) as {
    topics: string[];
    userData: Buffer | null;
  };
  return { topics, counts: countsOf(userData) };
}

function countsOf(userData: Buffer | null): Counts {
  try {
    const counts = Object.entries(JSON.parse(String(userData)) ?? {});
    return new Map(counts.filter((entry): entry is [string, number] => Number.isInteger(entry[1])));
  } catch {
    return new Map();
  }
}
