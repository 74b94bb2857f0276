import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Assignment } from './consumer-health.ts';
import { type ResetReason, resetReasons } from './offset-resets.ts';
import type { PartitionLag } from './partition-lag.ts';
import { refusalReasons } from './refusal.ts';
import type { FlushTrigger } from './sinks/sink.ts';

/** The state of a sink at the moment of a scrape. */
interface SinkState {
  name: string;
  heldBytes: number;
  isOpen: boolean;
}

export type ConsumerMetrics = ReturnType<typeof createConsumerMetrics>;

const processBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const lagExpiresMs = 15_000;
const partitionLabels = ['topic', 'partition', 'group'] as const;
// OpenTelemetry's semantic conventions for messaging; the label sets are fixed.
const messagingLabels = [
  'messaging_system',
  'messaging_operation_name',
  'messaging_operation_type',
  'messaging_destination_name',
  'messaging_consumer_group_name',
  'error_type',
] as const;

export function createConsumerMetrics(
  registry: Registry,
  groupId: string,
  topics: readonly string[],
) {
  const registers = [registry];
  const consumed = new Counter({
    name: 'messaging_client_consumed_messages_total',
    help: 'Records that are durable in every sink or on the dead-letter topic. Flat while the lag rises: the consumer is stuck.',
    labelNames: messagingLabels,
    registers,
  });
  const processed = new Histogram({
    name: 'messaging_process_duration_seconds',
    help: 'Time from decoding until the records are durable in every sink or on the dead-letter topic. An increase means that a sink, the registry or the dead-letter topic is slow; a sink that collects records for a file takes as long as it collects. error_type is the code of the error, also of a system error (enospc), or unexpected.',
    labelNames: messagingLabels,
    buckets: processBuckets,
    registers,
  });
  let lags: readonly PartitionLag[] = [];
  let measuredAt = 0;
  const lagGauge = (name: string, help: string, get: (lag: PartitionLag) => number) =>
    new Gauge({
      name,
      help,
      labelNames: partitionLabels,
      registers,
      collect() {
        this.reset();
        // A measurement that takes long leaves no old value behind.
        if (performance.now() - measuredAt > lagExpiresMs) return;
        for (const lag of lags)
          this.set({ topic: lag.topic, partition: lag.partition, group: groupId }, get(lag));
      },
    });
  lagGauge(
    'orders_consumer_lag_records',
    'Records that the group has not committed. Each instance reports every partition, so take the maximum over the instances before a sum. Absent while it cannot be measured. An increase means that orders arrive faster than they are processed.',
    ({ records }) => records,
  );
  lagGauge(
    'orders_consumer_lag_seconds',
    'Approximate age of the oldest record that the group has not committed; the instance that reads the partition knows it best, so take the maximum over the instances. A steady increase means that nothing is processed.',
    ({ seconds }) => seconds,
  );
  lagGauge(
    'orders_consumer_open_transaction_records',
    'Records behind an open transaction, not counted as lag: nobody who reads committed records can read them before it ends.',
    ({ openTransactionRecords }) => openTransactionRecords,
  );
  lagGauge(
    'orders_consumer_open_transaction_seconds',
    'Time that records have waited behind the same open transaction. A steady increase means that its producer hangs or is gone.',
    ({ openTransactionSeconds }) => openTransactionSeconds,
  );
  let assignment: Assignment | undefined;
  let outsideSince = performance.now();
  new Gauge({
    name: 'orders_consumer_partition_assigned',
    help: '1 for each partition that this instance reads. Absent for the others.',
    labelNames: partitionLabels,
    registers,
    collect() {
      this.reset();
      for (const [topic, partitions] of Object.entries(assignment ?? {}))
        for (const partition of partitions) this.set({ topic, partition, group: groupId }, 1);
    },
  });
  new Gauge({
    name: 'orders_consumer_outside_group_seconds',
    help: 'Time since this instance was last a member of the group; 0 while it is one. An increase means that it reads nothing; /readyz says why.',
    registers,
    collect() {
      this.set(assignment ? 0 : (performance.now() - outsideSince) / 1000);
    },
  });
  const missingTopics = new Gauge({
    name: 'orders_consumer_missing_topics',
    help: 'Topics that do not exist or that the consumer may not describe, dead-letter topics included. Above 0: their orders are not read; /readyz names them.',
    registers,
  });
  const lostToRetention = new Counter({
    name: 'orders_consumer_records_lost_to_retention_total',
    help: 'Offsets that were deleted before the group read them, by retention or by hand. An increase means that orders are lost to this group.',
    labelNames: partitionLabels,
    registers,
  });
  const offsetResets = new Counter({
    name: 'orders_consumer_offset_resets_total',
    help: 'Times that a partition was not read on from where it was read to. reason is topic-recreated (read from its first record), records-deleted (by retention or by hand; read from the first that is left) or log-ended-before (records that were read are gone, as after an unclean election; read from the first). The log names the partition.',
    labelNames: ['reason'],
    registers,
  });
  const unassigned = new Gauge({
    name: 'orders_consumer_unassigned_partitions',
    help: 'Partitions of a topic of TOPIC_NAMES that are assigned to no member of the group that reads the topic, for 15 s. Above 0: nobody reads them.',
    labelNames: ['topic', 'group'],
    registers,
  });
  const deadLetters = new Counter({
    name: 'orders_dlq_messages_total',
    help: 'Records written to the dead-letter topic. An increase means that a producer writes invalid records or, with reason bug, that this service has a defect.',
    labelNames: ['reason'],
    registers,
  });
  const rebalances = new Counter({
    name: 'orders_rebalances_total',
    help: 'Times this member joined the group and was assigned partitions. An increase without a deployment means that members are too slow or crash.',
    registers,
  });
  const paused = new Gauge({
    name: 'orders_consumer_paused_partitions',
    help: 'Paused partitions. Above 0: the registry, a sink or the dead-letter topic is down, or the dead-letter brake is on; /readyz says which.',
    registers,
  });
  const flushes = new Histogram({
    name: 'orders_sink_flush_seconds',
    help: 'Time to store records that were collected together, such as a file. trigger says why they were stored then. An increase means that the store is slow.',
    labelNames: ['sink', 'trigger'],
    buckets: processBuckets,
    registers,
  });
  let sinkStates: () => Iterable<SinkState> = () => [];
  const sinkGauge = (name: string, help: string, get: (state: SinkState) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['sink'],
      registers,
      collect() {
        for (const state of sinkStates()) this.set({ sink: state.name }, get(state));
      },
    });
  sinkGauge(
    'orders_sink_inflight_bytes',
    'Bytes of records that the sink keeps in memory before they are stored. At MAX_IN_FLIGHT_BYTES, over all sinks, reading waits for the sinks.',
    ({ heldBytes }) => heldBytes,
  );
  sinkGauge(
    'orders_sink_breaker_open',
    '1 while the sink is down and only probed: its last five requests or more failed, and others wait. /readyz names the reason.',
    ({ isOpen }) => (isOpen ? 1 : 0),
  );
  const inFlightLimit = new Gauge({
    name: 'orders_sink_inflight_limit_bytes',
    help: 'MAX_IN_FLIGHT_BYTES: the limit of orders_sink_inflight_bytes over all sinks of the instance.',
    registers,
  });
  const holdTime = new Gauge({
    name: 'orders_sink_hold_seconds',
    help: 'How long a sink of the instance may keep a record before it begins to store it, such as S3_FLUSH_MS. The lag of such an instance is never much smaller.',
    registers,
  });
  let brakedPartitions = () => 0;
  new Gauge({
    name: 'orders_consumer_braked_partitions',
    help: 'Partitions that the dead-letter brake holds. Above 0: too many of their records are refused; /readyz names the limit and the command that lifts the brake.',
    registers,
    collect() {
      this.set(brakedPartitions());
    },
  });
  const throttled = new Gauge({
    name: 'orders_consumer_throttling_brokers',
    help: 'Brokers that delay the fetches of this consumer. Above 0: its quota (consumer_byte_rate) is used up, and lag grows while more is written than the quota allows.',
    registers,
  });
  let registryAnswers = true;
  let registryAnsweredAt = performance.now();
  new Gauge({
    name: 'orders_registry_stale_seconds',
    help: 'Time since the schema registry last answered; 0 while it answers. Above 0: known schema versions are still read, and a new one pauses its partition.',
    registers,
    collect() {
      this.set(registryAnswers ? 0 : (performance.now() - registryAnsweredAt) / 1000);
    },
  });
  // rate() does not see the first event of a series that starts with it.
  for (const reason of refusalReasons) deadLetters.inc({ reason }, 0);
  for (const reason of resetReasons) offsetResets.inc({ reason }, 0);

  const labelsOf = (topic: string, operation: 'poll' | 'process') => ({
    messaging_system: 'kafka',
    messaging_operation_name: operation,
    messaging_operation_type: operation === 'poll' ? 'receive' : 'process',
    messaging_destination_name: topic,
    messaging_consumer_group_name: groupId,
  });
  for (const topic of topics) consumed.inc(labelsOf(topic, 'poll'), 0);
  for (const topic of topics) unassigned.set({ topic, group: groupId }, 0);

  return {
    consumed: (topic: string, records: number) => consumed.inc(labelsOf(topic, 'poll'), records),
    /** `errorType` is the `errorCode` of the error that stopped the batch: one of a fixed set. */
    processed: (topic: string, seconds: number, errorType?: string) =>
      processed.observe(
        { ...labelsOf(topic, 'process'), ...(errorType ? { error_type: errorType } : {}) },
        seconds,
      ),
    /** Replaces the lag of all partitions. An empty list says that it is not known. */
    lag(measured: readonly PartitionLag[]) {
      lags = measured;
      measuredAt = performance.now();
      for (const { topic, partition } of measured)
        lostToRetention.inc({ topic, partition, group: groupId }, 0);
    },
    joined(assigned: Assignment) {
      assignment = assigned;
    },
    left() {
      if (assignment) outsideSince = performance.now();
      assignment = undefined;
    },
    missingTopics: (topics: number) => missingTopics.set(topics),
    lostToRetention: (topic: string, partition: number, records: number) =>
      lostToRetention.inc({ topic, partition, group: groupId }, records),
    offsetReset: (reason: ResetReason) => offsetResets.inc({ reason }),
    unassigned: (topic: string, partitions: number) =>
      unassigned.set({ topic, group: groupId }, partitions),
    deadLetter: (reason: string) => deadLetters.inc({ reason }),
    rebalanced: () => rebalances.inc(),
    paused: (partitions: number) => paused.set(partitions),
    flushed: (sink: string, trigger: FlushTrigger, seconds: number) =>
      flushes.observe({ sink, trigger }, seconds),
    /** Asked at each scrape. */
    sinks(states: () => Iterable<SinkState>) {
      sinkStates = states;
    },
    sinkLimits(limits: { inFlightBytes: number; holdMs: number }) {
      inFlightLimit.set(limits.inFlightBytes);
      holdTime.set(limits.holdMs / 1000);
    },
    /** Asked at each scrape. */
    braked(partitions: () => number) {
      brakedPartitions = partitions;
    },
    throttled: (brokers: number) => throttled.set(brokers),
    registryAnswers(answers: boolean) {
      registryAnswers = answers;
      if (answers) registryAnsweredAt = performance.now();
    },
  };
}
