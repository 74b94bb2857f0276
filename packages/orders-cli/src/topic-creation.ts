import { setTimeout as sleep } from 'node:timers/promises';
import { authenticationFault, type KafkaClient } from '@order-stream/runtime';

/** A topic to create; for what is left out the broker's default holds. */
export interface NewTopic {
  topic: string;
  partitions: number;
  replicationFactor?: number;
  /** Kafka's max.message.bytes: the largest record batch that the topic takes. */
  maxBatchBytes?: number;
}

/** A topic as it is on the cluster now. */
export interface TopicState {
  topic: string;
  /** False when it was there before. */
  created: boolean;
  partitions: number;
  replicationFactor: number;
}

/** The topic was not there, or without leaders, when time ran out or the broker refused it. */
export class TopicCreationError extends Error {
  readonly code = 'topic-creation';
  readonly retryable: boolean;
  readonly topic: string;

  constructor(topic: string, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
    this.topic = topic;
  }
}

const retryMs = 250;

/**
 * Refusals that pass by themselves: brokers that are still joining make the replication factor
 * too high for a moment, and a fresh topic has no leaders yet.
 */
const temporaryRefusals = new Set([
  'INVALID_REPLICATION_FACTOR',
  'NOT_CONTROLLER',
  'REQUEST_TIMED_OUT',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
  'COORDINATOR_LOAD_IN_PROGRESS',
]);

/**
 * Creates the topic unless it is there, and waits until every partition has a leader. Brokers that
 * do not answer are asked again until `deadlineMs` (epoch ms) or the stop signal.
 *
 * @throws AuthenticationError at once; TopicCreationError
 */
export async function createTopic(
  client: KafkaClient,
  wanted: NewTopic,
  { deadlineMs, stop }: { deadlineMs: number; stop: AbortSignal },
): Promise<TopicState> {
  const { topic } = wanted;
  let created: boolean | undefined;
  let fault: unknown;
  const until = AbortSignal.any([stop, AbortSignal.timeout(Math.max(0, deadlineMs - Date.now()))]);
  while (!until.aborted) {
    try {
      // The client's own patience may exceed the time that is left.
      created ??= await abortable(requestTopic(client, wanted), until);
      const state = await abortable(topicWithLeaders(client, topic), until);
      if (state !== undefined) return { topic, created, ...state };
    } catch (error) {
      if (until.aborted) break;
      fault = error;
      const rejected = authenticationFault(error);
      if (rejected !== undefined) throw rejected;
      const refusal = refusalOf(error);
      if (refusal !== undefined && !temporaryRefusals.has(refusal.type)) {
        const message = `the broker refused topic ${topic}: ${refusal.type} (${refusal.message})`;
        throw new TopicCreationError(topic, message, { retryable: false, cause: error });
      }
    }
    await sleep(retryMs, undefined, { signal: until }).catch(() => undefined);
  }
  const reason = created === undefined ? 'could not be created' : 'has partitions without a leader';
  const detail = fault instanceof Error ? ` (${refusalOf(fault)?.type ?? fault.message})` : '';
  throw new TopicCreationError(topic, `topic ${topic} ${reason}${detail}`, {
    retryable: true,
    cause: fault,
  });
}

/** @returns whether the topic is new */
async function requestTopic(client: KafkaClient, wanted: NewTopic): Promise<boolean> {
  const { topic, partitions, replicationFactor, maxBatchBytes } = wanted;
  const admin = client.admin();
  try {
    await admin.connect();
    return await admin.createTopics({
      waitForLeaders: false,
      topics: [
        {
          topic,
          numPartitions: partitions,
          ...(replicationFactor === undefined ? {} : { replicationFactor }),
          configEntries: [
            // Records keep the time at which the producer accepted the order, whatever the cluster's default.
            { name: 'message.timestamp.type', value: 'CreateTime' },
            ...(maxBatchBytes === undefined
              ? []
              : [{ name: 'max.message.bytes', value: String(maxBatchBytes) }]),
          ],
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

function abortable<T>(work: Promise<T>, until: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = () => reject(until.reason);
    until.addEventListener('abort', abandon, { once: true });
    work.then(resolve, reject).finally(() => until.removeEventListener('abort', abandon));
  });
}

/** Kafka's name of a refusal, out of the wrappers and aggregates that the client puts around it. */
function refusalOf(error: unknown): { type: string; message: string } | undefined {
  for (let at = error; at instanceof Error; ) {
    const { type, errors, cause } = at as { type?: unknown; errors?: unknown[]; cause?: unknown };
    if (typeof type === 'string') return { type, message: at.message };
    at = errors?.[0] ?? cause;
  }
  return undefined;
}
