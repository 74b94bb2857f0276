import type { IHeaders, Message, PartitionMetadata, Producer, RecordMetadata } from 'kafkajs';
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

export type OutgoingRecord = {
  key: Buffer | null;
  value: Buffer | null;
  headers?: IHeaders;
  /** Epoch milliseconds. */
  timestampMs: number;
};

/** The records of one partition that go, and are acknowledged, together; in this order. */
export type PartitionBatch = { partition: number; records: readonly OutgoingRecord[] };

export type KafkaSender = {
  /** Connects and learns the topics' partitions. @throws AuthenticationError and what the client throws */
  start(topics: readonly string[]): Promise<void>;
  /** Broker id of the partition's leader as last heard, -1 when not known. */
  leaderOf(topic: string, partition: number): number;
  /**
   * Writes batches with acks=all and gives each partition its own answer: the offset of its first record, or
   * SendRefusedError, BrokerUnavailableError (nothing written), SendOutcomeUnknownError.
   */
  send(topic: string, batches: readonly PartitionBatch[]): Promise<bigint>[];
  /** Waits for what is in flight, then disconnects. */
  close(): Promise<void>;
};

export type KafkaSenderOptions = {
  logger: Logger;
  /** How long the broker may take to gather acknowledgements, in ms. Default 5000. */
  requestTimeoutMs?: number;
  /** From `send` to its answer, retries included, in ms. Default 10000. */
  deliveryTimeoutMs?: number;
};

type Delivery = {
  topic: string;
  partition: number;
  records: readonly OutgoingRecord[];
  deadline: number;
  /** An attempt may have reached the log: its answer is unknown until the same producer hears it. */
  inDoubt: boolean;
  answer: PromiseWithResolvers<bigint>;
};

/** One producer id with its sequence numbers. */
type IdempotentProducer = {
  producer: Producer;
  connected: Promise<void> | undefined;
  inFlight: number;
  retired: boolean;
};

/** A leader changed between grouping and sending: thrown before anything is written. */
class LeaderMovedError extends Error {}

/** The attempt goes on without us: it may yet write. */
class DeadlinePassedError extends Error {}

/**
 * The idempotent writer.
 *
 * Invariant: at most one batch is in flight per partition, and a batch of unknown outcome is sent again
 * unchanged by the same producer, which Kafka recognises by its sequence number; or that producer id is given
 * up before anything else goes to the partition. kafkajs takes its sequence number back on an error, so a later
 * batch of the same size would otherwise be acknowledged as a duplicate and never written.
 *
 * One request holds partitions of one leader only: kafkajs, when one of several leaders fails, sends to the
 * others again without waiting for them.
 */
export function createKafkaSender(client: KafkaClient, options: KafkaSenderOptions): KafkaSender {
  const { logger, requestTimeoutMs = 5_000, deliveryTimeoutMs = 10_000 } = options;
  const leaders = new Map<string, readonly PartitionMetadata[]>();
  const leaderIds = new Map<string, number[]>();
  const lastOfPartition = new Map<string, Promise<unknown>>();
  let current = newProducer();

  function newProducer(): IdempotentProducer {
    const producer = client.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      // kafkajs demands retries of an idempotent producer; this passes its check and makes none, because a
      // retry of its own would follow a leader that moved.
      retry: { retries: Number.NaN },
      createPartitioner: () => chosenPartition,
    });
    return { producer, connected: undefined, inFlight: 0, retired: false };
  }

  /** Runs inside kafkajs with the metadata that it is about to use. */
  function chosenPartition(args: {
    topic: string;
    partitionMetadata: PartitionMetadata[];
    message: Message;
  }): number {
    const { topic, partitionMetadata, message } = args;
    learnLeaders(topic, partitionMetadata);
    const { partition, leader } = message as LedMessage;
    if (leader !== leaderOf(topic, partition)) throw new LeaderMovedError('the leader moved');
    return partition;
  }

  function learnLeaders(topic: string, partitions: readonly PartitionMetadata[]): void {
    if (leaders.get(topic) === partitions) return;
    leaders.set(topic, partitions);
    const ids: number[] = [];
    for (const { partitionId, leader } of partitions) ids[partitionId] = leader;
    leaderIds.set(topic, ids);
  }

  function leaderOf(topic: string, partition: number): number {
    return leaderIds.get(topic)?.[partition] ?? -1;
  }

  function connect(through: IdempotentProducer): Promise<void> {
    through.connected ??= through.producer.connect().catch((error) => {
      through.connected = undefined;
      throw error;
    });
    return through.connected;
  }

  /** Its sequence numbers can no longer be trusted; what is in flight on it still ends on it. */
  function retire(through: IdempotentProducer, reason: string): void {
    if (through.retired) return;
    through.retired = true;
    if (through === current) current = newProducer();
    logger.warn({ reason }, 'producer id given up');
    if (through.inFlight === 0) disconnect(through);
  }

  function disconnect(through: IdempotentProducer): void {
    through.producer.disconnect().catch((err) => logger.debug({ err }, 'disconnect failed'));
  }

  /** Sends deliveries that share a leader until each is answered. */
  async function deliver(
    deliveries: readonly Delivery[],
    through: IdempotentProducer,
  ): Promise<void> {
    through.inFlight += 1;
    try {
      await attemptUntilAnswered(deliveries, through);
    } finally {
      through.inFlight -= 1;
      if (through.retired && through.inFlight === 0) disconnect(through);
    }
  }

  async function attemptUntilAnswered(
    deliveries: readonly Delivery[],
    through: IdempotentProducer,
  ): Promise<void> {
    const [{ topic, deadline }] = deliveries as [Delivery];
    for (let attempt = 1; ; attempt += 1) {
      if (through.retired && !deliveries.some((delivery) => delivery.inDoubt))
        return deliver(deliveries, current);
      const producesBefore = client.producesSent();
      let error: unknown;
      try {
        acknowledge(deliveries, await request(deliveries, through));
        return;
      } catch (thrown) {
        error = thrown;
      }
      if (error instanceof LeaderMovedError) {
        await Promise.all(byLeader(deliveries).map((group) => deliver(group, through)));
        return;
      }
      const requestLeft =
        error instanceof DeadlinePassedError || client.producesSent() !== producesBefore;
      const failure = sendFailure(error, requestLeft);
      if (failure === 'in-doubt' || deliveries.length > 1)
        for (const delivery of deliveries) delivery.inDoubt ||= requestLeft;
      if (deliveries.length > 1 && protocolErrorType(error) !== undefined) {
        // One partition's refusal fails the whole request and hides that others were written.
        await Promise.all(deliveries.map((delivery) => deliver([delivery], through)));
        return;
      }
      if (failure === 'new-producer') retire(through, protocolErrorType(error) ?? failure);
      const inDoubt = deliveries.some((delivery) => delivery.inDoubt);
      const hopeless = failure === 'refused' || (failure === 'new-producer' && inDoubt);
      const delayMs = Math.min(25 * 2 ** attempt, 1_000);
      if (hopeless || Date.now() + delayMs >= deadline) {
        refuse(deliveries, failure, error, through);
        return;
      }
      logger.warn(
        { topic, attempt, reason: rootCause(error).message },
        'send failed, trying again',
      );
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }

  async function request(
    deliveries: readonly Delivery[],
    through: IdempotentProducer,
  ): Promise<RecordMetadata[]> {
    const [{ topic, deadline }] = deliveries as [Delivery];
    await within(deadline, connect(through), () => new BrokerUnavailableError('not connected'));
    const messages: LedMessage[] = [];
    for (const { partition, records } of deliveries) {
      const leader = leaderOf(topic, partition);
      for (const { key, value, headers, timestampMs } of records) {
        const timestamp = String(timestampMs);
        messages.push(
          headers === undefined
            ? { key, value, timestamp, partition, leader }
            : { key, value, headers, timestamp, partition, leader },
        );
      }
    }
    const sent = through.producer.sendBatch({
      acks: -1,
      timeout: requestTimeoutMs,
      topicMessages: [{ topic, messages }],
    });
    return within(deadline, sent, () => new DeadlinePassedError('no answer in time'));
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
    through: IdempotentProducer,
  ): void {
    const cause = authenticationFault(error) ?? error;
    const reason = rootCause(cause)?.message ?? String(cause);
    for (const { inDoubt, answer } of deliveries) {
      if (failure === 'refused')
        answer.reject(new SendRefusedError(protocolErrorType(error) ?? 'UNKNOWN', reason, cause));
      else if (inDoubt) {
        retire(through, 'outcome unknown');
        answer.reject(new SendOutcomeUnknownError(reason, cause));
      } else answer.reject(new BrokerUnavailableError(reason, cause));
    }
  }

  function byLeader(deliveries: readonly Delivery[]): Delivery[][] {
    const groups = new Map<number, Delivery[]>();
    for (const delivery of deliveries) {
      const leader = leaderOf(delivery.topic, delivery.partition);
      const group = groups.get(leader);
      if (group) group.push(delivery);
      else groups.set(leader, [delivery]);
    }
    return [...groups.values()];
  }

  return {
    leaderOf,
    async start(topics) {
      try {
        await connect(current);
      } catch (error) {
        throw authenticationFault(error) ?? error;
      }
      for (const [topic, partitions] of await client.partitionMetadata(topics))
        learnLeaders(topic, partitions);
    },
    send(topic, batches) {
      const deadline = Date.now() + deliveryTimeoutMs;
      const deliveries = batches.map(
        ({ partition, records }): Delivery => ({
          topic,
          partition,
          records,
          deadline,
          inDoubt: false,
          answer: Promise.withResolvers<bigint>(),
        }),
      );
      const waitFor: Promise<unknown>[] = [];
      for (const { partition, answer } of deliveries) {
        const key = `${topic}/${partition}`;
        const before = lastOfPartition.get(key);
        if (before) waitFor.push(before);
        const settled = answer.promise
          .catch(() => undefined)
          .then(() => {
            if (lastOfPartition.get(key) === settled) lastOfPartition.delete(key);
          });
        lastOfPartition.set(key, settled);
      }
      const start = () => {
        for (const group of byLeader(deliveries)) void deliver(group, current);
      };
      if (waitFor.length === 0) start();
      else void Promise.all(waitFor).then(start);
      return deliveries.map(({ answer }) => answer.promise);
    },
    async close() {
      await Promise.all(lastOfPartition.values());
      await current.producer.disconnect();
    },
  };
}

type LedMessage = Message & { partition: number; leader: number };

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
