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
  refusesContent,
  rootCause,
  type SendFailure,
  SendOutcomeUnknownError,
  SendRefusedError,
  sendFailure,
} from './kafka-errors.ts';
import type { Logger } from './logger.ts';

export interface KafkaSender {
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
}

export interface KafkaSenderOptions {
  logger: Logger;
  /** How long the broker may take to gather acknowledgements, in ms. Default 5000. */
  requestTimeoutMs?: number;
  /** In ms. Default 10000. */
  deliveryTimeoutMs?: number;
}

interface Delivery {
  topic: string;
  partition: number;
  records: readonly OutgoingRecord[];
  deadline: number;
  /**
   * Why an attempt may have reached the log, which only the same producer can find out: its answer was `lost`, or its
   * request was answered for another of its partitions, and has to be `split` to learn of this one.
   */
  doubt: 'none' | 'split' | 'lost';
  answer: PromiseWithResolvers<bigint>;
}

/** Deliveries whose partitions have one leader: what one request holds. */
interface Group {
  leader: number;
  deliveries: readonly Delivery[];
}

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

  /** Sends a group until each of its deliveries is answered. */
  async function deliver(group: Group, producer: ProducerInUse): Promise<void> {
    producer.inFlight += 1;
    try {
      await attemptUntilAnswered(group, producer);
    } finally {
      producer.inFlight -= 1;
      if (producer.retired && producer.inFlight === 0)
        producer.disconnect().catch((err) => logger.debug({ err }, 'disconnect failed'));
    }
  }

  async function attemptUntilAnswered(group: Group, producer: ProducerInUse): Promise<void> {
    const { deliveries } = group;
    const [{ topic, deadline }] = deliveries as [Delivery];
    const inDoubt = () => deliveries.some(({ doubt }) => doubt !== 'none');
    for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
      if (producer.retired && !inDoubt()) return deliver(group, current);

      const producesBefore = client.producesSent();
      let error: unknown;
      try {
        return acknowledge(deliveries, await attempt(group, producer));
      } catch (thrown) {
        error = thrown;
      }
      if (error instanceof LeaderMovedError) return deliverAll(byLeader(deliveries), producer);

      const requestLeft =
        error instanceof DeadlinePassedError || client.producesSent() !== producesBefore;
      const failure = sendFailure(error, requestLeft);
      // One partition's refusal fails the whole request and hides that others were written.
      const split = deliveries.length > 1 && protocolErrorType(error) !== undefined;
      if (failure === 'in-doubt') for (const delivery of deliveries) delivery.doubt = 'lost';
      else if (split && requestLeft)
        for (const delivery of deliveries) if (delivery.doubt === 'none') delivery.doubt = 'split';
      if (split)
        return deliverAll(
          deliveries.flatMap((one) => byLeader([one])),
          producer,
        );

      if (failure === 'new-producer') retire(producer, protocolErrorType(error) ?? failure);
      const hopeless = failure === 'refused' || (failure === 'new-producer' && inDoubt());
      if (hopeless || Date.now() + retryMs >= deadline)
        return refuse(deliveries, failure, error, producer);
      logger.warn({ topic, reason: rootCause(error).message }, 'send failed, trying again');
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  async function deliverAll(groups: readonly Group[], producer: ProducerInUse): Promise<void> {
    await Promise.all(groups.map((group) => deliver(group, producer)));
  }

  async function attempt(
    { leader, deliveries }: Group,
    producer: ProducerInUse,
  ): Promise<RecordMetadata[]> {
    const [{ topic, deadline }] = deliveries as [Delivery];
    await within(deadline, producer.connect(), () => new BrokerUnavailableError('not connected'));
    const answer = producer.produce(topic, leader, deliveries);
    return within(deadline, answer, () => new DeadlinePassedError('no answer in time'));
  }

  function acknowledge(deliveries: readonly Delivery[], answers: readonly RecordMetadata[]): void {
    const offsets = new Map(answers.map((one) => [one.partition, one.baseOffset]));
    for (const { partition, answer } of deliveries) {
      const offset = offsets.get(partition);
      if (offset !== undefined) answer.resolve(BigInt(offset));
      else answer.reject(new SendOutcomeUnknownError('the broker did not name this partition'));
    }
  }

  function refuse(
    deliveries: readonly Delivery[],
    failure: SendFailure,
    error: unknown,
    producer: ProducerInUse,
  ): void {
    const cause = authenticationFault(error) ?? error;
    const reason = rootCause(cause).message;
    for (const { doubt, answer } of deliveries) {
      const perhapsWritten = doubt === 'lost' || (doubt === 'split' && !refusesContent(error));
      if (perhapsWritten) {
        retire(producer, 'outcome unknown');
        answer.reject(new SendOutcomeUnknownError(reason, cause));
      } else if (failure === 'refused')
        answer.reject(new SendRefusedError(protocolErrorType(error) ?? 'UNKNOWN', reason, cause));
      else answer.reject(new BrokerUnavailableError(reason, cause));
    }
  }

  function byLeader(deliveries: readonly Delivery[]): Group[] {
    const groups = Map.groupBy(deliveries, ({ topic, partition }) =>
      leaders.leaderOf(topic, partition),
    );
    return [...groups].map(([leader, led]) => ({ leader, deliveries: led }));
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
          doubt: 'none',
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
