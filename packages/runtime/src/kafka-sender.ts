import type { RecordMetadata } from 'kafkajs';
import {
  createIdempotentProducer,
  createTopicLeaders,
  type IdempotentProducer,
  LeaderMovedError,
  type OutgoingRecord,
  type PartitionBatch,
} from './idempotent-producer.ts';
import type { KafkaClient } from './kafka-client.ts';
import {
  authenticationFault,
  BrokerUnavailableError,
  protocolErrorType,
  rootCause,
  type SendFailure,
  SendOutcomeUnknownError,
  SendRefusedError,
  sendFailure,
} from './kafka-errors.ts';
import type { Logger } from './logger.ts';

export type KafkaSender = {
  /** Connects and learns the topics' leaders. @throws AuthenticationError and what the client throws */
  start(topics: readonly string[]): Promise<void>;
  /** Broker id of the partition's leader as last heard, -1 when not known. */
  leaderOf(topic: string, partition: number): number;
  /**
   * Writes batches with acks=all and answers for each: the offset of its first record, or SendRefusedError,
   * BrokerUnavailableError (nothing written), SendOutcomeUnknownError; retries included, by `deadline` (epoch ms,
   * default in `deliveryTimeoutMs`).
   */
  send(topic: string, batches: readonly PartitionBatch[], deadline?: number): Promise<bigint>[];
  /** Waits for what is in flight, then disconnects. */
  close(): Promise<void>;
};

export type KafkaSenderOptions = {
  logger: Logger;
  /** How long the broker may take to gather acknowledgements, in ms. Default 5000. */
  requestTimeoutMs?: number;
  /** In ms. Default 10000. */
  deliveryTimeoutMs?: number;
};

type Delivery = {
  topic: string;
  partition: number;
  records: readonly OutgoingRecord[];
  deadline: number;
  /** An attempt may have reached the log: only the same producer can find out. */
  inDoubt: boolean;
  answer: PromiseWithResolvers<bigint>;
};

type ProducerInUse = IdempotentProducer & { inFlight: number; retired: boolean };

/** The attempt goes on without us: it may yet write. */
class DeadlinePassedError extends Error {}

const firstRetryMs = 50;
const lastRetryMs = 1_000;

/**
 * The idempotent writer.
 *
 * Invariant: at most one batch is in flight per partition, and a batch of unknown outcome is sent again
 * unchanged by the same producer, which Kafka recognises by its sequence number; or that producer id is given
 * up before anything else goes to the partition. kafkajs takes its sequence number back on an error, so a later
 * batch of the same size would otherwise be acknowledged as a duplicate and never written.
 */
export function createKafkaSender(client: KafkaClient, options: KafkaSenderOptions): KafkaSender {
  const { logger, requestTimeoutMs = 5_000, deliveryTimeoutMs = 10_000 } = options;
  const leaders = createTopicLeaders();
  const lastOfPartition = new Map<string, Promise<unknown>>();
  let current = newProducer();

  function newProducer(): ProducerInUse {
    const producer = createIdempotentProducer(client, leaders, requestTimeoutMs);
    return { ...producer, inFlight: 0, retired: false };
  }

  /** Its sequence numbers can no longer be trusted; what is in flight on it still ends on it. */
  function retire(producer: ProducerInUse, reason: string): void {
    if (producer.retired) return;
    producer.retired = true;
    if (producer === current) current = newProducer();
    logger.warn({ reason }, 'producer id given up');
  }

  /** Sends deliveries that share a leader until each is answered. */
  async function deliver(group: readonly Delivery[], producer: ProducerInUse): Promise<void> {
    producer.inFlight += 1;
    try {
      await attemptUntilAnswered(group, producer);
    } finally {
      producer.inFlight -= 1;
      if (producer.retired && producer.inFlight === 0)
        producer.disconnect().catch((err) => logger.debug({ err }, 'disconnect failed'));
    }
  }

  async function attemptUntilAnswered(
    group: readonly Delivery[],
    producer: ProducerInUse,
  ): Promise<void> {
    const [{ topic, deadline }] = group as [Delivery];
    for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
      if (producer.retired && !group.some(({ inDoubt }) => inDoubt)) return deliver(group, current);

      const producesBefore = client.producesSent();
      let error: unknown;
      try {
        return acknowledge(group, await attempt(group, producer));
      } catch (thrown) {
        error = thrown;
      }
      if (error instanceof LeaderMovedError) return deliverAll(byLeader(group), producer);

      const requestLeft =
        error instanceof DeadlinePassedError || client.producesSent() !== producesBefore;
      const failure = sendFailure(error, requestLeft);
      if (failure === 'in-doubt' || group.length > 1)
        for (const delivery of group) delivery.inDoubt ||= requestLeft;
      // One partition's refusal fails the whole request and hides that others were written.
      if (group.length > 1 && protocolErrorType(error) !== undefined)
        return deliverAll(
          group.map((delivery) => [delivery]),
          producer,
        );

      if (failure === 'new-producer') retire(producer, protocolErrorType(error) ?? failure);
      const inDoubt = group.some((delivery) => delivery.inDoubt);
      const hopeless = failure === 'refused' || (failure === 'new-producer' && inDoubt);
      if (hopeless || Date.now() + retryMs >= deadline)
        return refuse(group, failure, error, producer);
      logger.warn({ topic, reason: rootCause(error).message }, 'send failed, trying again');
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  async function deliverAll(groups: Delivery[][], producer: ProducerInUse): Promise<void> {
    await Promise.all(groups.map((group) => deliver(group, producer)));
  }

  async function attempt(
    group: readonly Delivery[],
    producer: ProducerInUse,
  ): Promise<RecordMetadata[]> {
    const [{ topic, deadline }] = group as [Delivery];
    await within(deadline, producer.connect(), () => new BrokerUnavailableError('not connected'));
    const answer = producer.produce(topic, group);
    return within(deadline, answer, () => new DeadlinePassedError('no answer in time'));
  }

  function acknowledge(group: readonly Delivery[], answers: readonly RecordMetadata[]): void {
    const offsets = new Map(answers.map((one) => [one.partition, one.baseOffset]));
    for (const { partition, answer } of group) {
      const offset = offsets.get(partition);
      if (offset !== undefined) answer.resolve(BigInt(offset));
      else answer.reject(new SendOutcomeUnknownError('the broker did not name this partition'));
    }
  }

  function refuse(
    group: readonly Delivery[],
    failure: SendFailure,
    error: unknown,
    producer: ProducerInUse,
  ): void {
    const cause = authenticationFault(error) ?? error;
    const reason = rootCause(cause).message;
    for (const { inDoubt, answer } of group) {
      if (failure === 'refused')
        answer.reject(new SendRefusedError(protocolErrorType(error) ?? 'UNKNOWN', reason, cause));
      else if (inDoubt) {
        retire(producer, 'outcome unknown');
        answer.reject(new SendOutcomeUnknownError(reason, cause));
      } else answer.reject(new BrokerUnavailableError(reason, cause));
    }
  }

  function byLeader(group: readonly Delivery[]): Delivery[][] {
    const groups = Map.groupBy(group, ({ topic, partition }) => leaders.leaderOf(topic, partition));
    return [...groups.values()];
  }

  /** Resolves when the partition's earlier batch is answered; makes this one the next to wait for. */
  function takeTurn({ topic, partition, answer }: Delivery): Promise<unknown> | undefined {
    const key = `${topic}/${partition}`;
    const before = lastOfPartition.get(key);
    const settled = answer.promise
      .catch(() => undefined)
      .then(() => {
        if (lastOfPartition.get(key) === settled) lastOfPartition.delete(key);
      });
    lastOfPartition.set(key, settled);
    return before;
  }

  return {
    leaderOf: leaders.leaderOf,
    async start(topics) {
      try {
        await current.connect();
      } catch (error) {
        throw authenticationFault(error) ?? error;
      }
      for (const [topic, partitions] of await client.partitionMetadata(topics))
        leaders.learn(topic, partitions);
    },
    send(topic, batches, deadline = Date.now() + deliveryTimeoutMs) {
      const deliveries = batches.map(
        (batch): Delivery => ({
          ...batch,
          topic,
          deadline,
          inDoubt: false,
          answer: Promise.withResolvers<bigint>(),
        }),
      );
      const turns = deliveries.map(takeTurn).filter((turn) => turn !== undefined);
      const go = () => void deliverAll(byLeader(deliveries), current);
      if (turns.length === 0) go();
      else void Promise.all(turns).then(go);
      return deliveries.map(({ answer }) => answer.promise);
    },
    async close() {
      await Promise.all(lastOfPartition.values());
      await current.disconnect();
    },
  };
}

async function within<Value>(
  deadline: number,
  work: Promise<Value>,
  late: () => Error,
): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), Math.max(0, deadline - Date.now()));
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
