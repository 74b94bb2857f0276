import { setTimeout as sleep } from 'node:timers/promises';
import { authenticationFault, type KafkaClient } from '@order-stream/runtime';

/** A topic to create; the broker's defaults apply to absent settings. */
export interface NewTopic {
  topic: string;
  partitions: number;
  /** -1: the broker's default. */
  replicationFactor: number;
  settings?: Record<string, string>;
}

/** A topic on the cluster. */
export interface TopicState {
  topic: string;
  /** False when the topic existed before. */
  created: boolean;
  partitions: number;
  replicationFactor: number;
}

/** The broker rejected the topic, or the topic did not exist or had no leaders at the deadline. */
export class TopicCreationError extends Error {
  readonly code = 'topic-creation';
  readonly retryable: boolean;

  constructor(message: string, { retryable, cause }: { retryable: boolean; cause: unknown }) {
    super(message, { cause });
    this.retryable = retryable;
  }
}

const retryMs = 250;

/**
 * Temporary errors. While brokers are still joining, the replication factor is too high for a moment; a new topic has no
 * leaders yet.
 */
const temporaryErrors = new Set([
  'INVALID_REPLICATION_FACTOR',
  'NOT_CONTROLLER',
  'REQUEST_TIMED_OUT',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
  'COORDINATOR_LOAD_IN_PROGRESS',
]);

/**
 * Creates the topic unless it exists, and waits until every partition has a leader. Repeats requests that brokers do
 * not answer until `deadlineMs` (by `performance.now()`) or the stop signal.
 *
 * @throws AuthenticationError (without repeating), TopicCreationError
 */
export async function createTopic(
  client: KafkaClient,
  wanted: NewTopic,
  { deadlineMs, stop }: { deadlineMs: number; stop: AbortSignal },
): Promise<TopicState> {
  const { topic } = wanted;
  let created: boolean | undefined;
  let fault: unknown;
  const until = AbortSignal.any([
    stop,
    AbortSignal.timeout(Math.max(0, Math.ceil(deadlineMs - performance.now()))),
  ]);
  // The client's own timeouts may exceed the time that is left.
  const aborted = new Promise<never>((_, reject) => {
    until.addEventListener('abort', () => reject(until.reason));
  });
  while (!until.aborted) {
    try {
      created ??= await Promise.race([requestTopic(client, wanted), aborted]);
      const state = await Promise.race([topicWithLeaders(client, topic), aborted]);
      if (state !== undefined) return { topic, created, ...state };
    } catch (error) {
      if (until.aborted) break;
      fault = error;
      const authenticationError = authenticationFault(error);
      if (authenticationError !== undefined) throw authenticationError;
      const rejection = kafkaErrorOf(error);
      if (rejection !== undefined && !temporaryErrors.has(rejection.type)) {
        const message = `the broker rejected topic ${topic}: ${rejection.type} (${rejection.message})`;
        throw new TopicCreationError(message, { retryable: false, cause: error });
      }
    }
    await sleep(retryMs, undefined, { signal: until }).catch(() => undefined);
  }
  const reason = created === undefined ? 'could not be created' : 'has partitions without a leader';
  const detail = fault instanceof Error ? ` (${kafkaErrorOf(fault)?.type ?? fault.message})` : '';
  const message = `topic ${topic} ${reason}${detail}`;
  throw new TopicCreationError(message, { retryable: true, cause: fault });
}

/** @returns whether this request created the topic */
async function requestTopic(client: KafkaClient, wanted: NewTopic): Promise<boolean> {
  const { topic, partitions, replicationFactor, settings } = wanted;
  // Records keep the time at which the producer accepted the order, even when the cluster's default differs.
  const entries = Object.entries({ 'message.timestamp.type': 'CreateTime', ...settings });
  const admin = client.admin();
  try {
    await admin.connect();
    return await admin.createTopics({
      waitForLeaders: false,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor,
          configEntries: entries.map(([name, value]) => ({ name, value })),
        },
      ],
    });
  } finally {
    await admin.disconnect();
  }
}

/** @returns undefined while a partition has no leader */
async function topicWithLeaders(client: KafkaClient, topic: string) {
  const partitions = (await client.partitionMetadata([topic])).get(topic) ?? [];
  if (partitions.length === 0 || partitions.some(({ leader }) => leader < 0)) return undefined;
  return {
    partitions: partitions.length,
    replicationFactor: Math.min(...partitions.map(({ replicas }) => replicas.length)),
  };
}

/** Kafka's error inside the wrappers and aggregates of the client. */
function kafkaErrorOf(error: unknown): { type: string; message: string } | undefined {
  for (let at = error; at instanceof Error; ) {
    const { type, errors, cause } = at as { type?: unknown; errors?: unknown[]; cause?: unknown };
    if (typeof type === 'string') return { type, message: at.message };
    at = errors?.[0] ?? cause;
  }
  return undefined;
}
