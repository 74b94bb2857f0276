import { setTimeout as delay } from 'node:timers/promises';
import {
  createKafkaWriter,
  limitHeapGrowth,
  runService,
  type ServiceParts,
} from '@order-stream/runtime';
import { wasClosed } from '@order-stream/standard-streams';
import { createAssignedPartitions } from './assigned-partitions.ts';
import { createByteBudget } from './byte-budget.ts';
import { type ConsumerConfig, deadLetterTopicOf, groupIdOf, loadConsumerConfig } from './config.ts';
import { createOrderConsumer } from './consumer.ts';
import { createConsumerHealth } from './consumer-health.ts';
import { createDeadLetterSender } from './dead-letter.ts';
import { createGroupCheck } from './group-check.ts';
import { createLagMonitor } from './lag-monitor.ts';
import { createConsumerMetrics } from './metrics.ts';
import { createOffsetTracker } from './offset-tracker.ts';
import { createRecordDecoder } from './record-decoder.ts';
import { createRecordDeserializer } from './record-deserializer.ts';
import { createRecordTracing } from './record-tracing.ts';
import { createSinkAttempts } from './sink-attempts.ts';
import { createSinks } from './sinks/all-sinks.ts';
import { createTopicCheck } from './topic-check.ts';

const version = '0.1.0';
const brakePath = '/dead-letter-brake/lift';

async function main(config: ConsumerConfig, parts: ServiceParts): Promise<void> {
  const { logger, shutdown, tracing, client } = parts;
  const topics = config.TOPIC_NAMES;
  const groupId = groupIdOf(config);
  const deadLetterTopics = new Map(
    topics.map((topic) => [topic, deadLetterTopicOf(config, topic)]),
  );
  const metrics = createConsumerMetrics(parts.metrics, groupId, topics);

  const { deserializerOf, keys, ...registry } = await createRecordDeserializer(config, logger);
  shutdown.onStop('registry', () => registry.close());
  const writer = createKafkaWriter(client, { logger });
  shutdown.onStop('kafka writer', () => writer.close());

  const budget = createByteBudget({
    limitBytes: config.MAX_IN_FLIGHT_BYTES,
    onFull: () => {
      for (const { sink } of sinks) sink.relieve();
    },
  });
  const sinks = createSinks(config, {
    logger,
    serviceVersion: version,
    budget,
    tombstones: config.TOMBSTONES,
    region: config.AWS_REGION,
    stopping: shutdown.stopping,
    flushed: metrics.flushed,
  }).map((sink) => ({
    sink,
    attempts: createSinkAttempts({
      sink: sink.name,
      failureClassOf: sink.failureClassOf,
      logger,
      onBreaker: (fault) => partitions.sinkDown(sink, fault),
    }),
  }));
  shutdown.onStop('sinks', async () => {
    await Promise.all(sinks.map(({ sink }) => sink.close()));
  });
  const sinkHoldMs = Math.max(...sinks.map(({ sink }) => sink.holdMs));
  const health = createConsumerHealth({
    stopping: shutdown.stopping,
    sinks: () =>
      sinks.map(({ sink: { name }, attempts }) => ({
        name,
        busySince: attempts.busySince(),
        movedSlowlyAt: attempts.movedSlowlyAt(),
      })),
    sinkHoldMs,
  });
  metrics.sinks(() =>
    sinks.map(({ sink: { name }, attempts }) => ({
      name,
      heldBytes: budget.heldBytes(name),
      isOpen: attempts.isOpen(),
    })),
  );
  metrics.sinkLimits({ inFlightBytes: config.MAX_IN_FLIGHT_BYTES, holdMs: sinkHoldMs });
  const topicCheck = createTopicCheck({
    writer,
    deadLetterTopics,
    health,
    metrics,
  });
  const partitions = createAssignedPartitions({
    sinks,
    decodeRun: createRecordDecoder({ deserializerOf, keys, tombstones: config.TOMBSTONES }),
    sendDeadLetter: createDeadLetterSender({
      writer,
      deadLetterTopicOf: (topic) => deadLetterTopicOf(config, topic),
      partitionCount: topicCheck.partitionCount,
      groupId,
      serviceVersion: version,
      logger,
      onSent: ({ reason }) => metrics.deadLetter(reason),
    }),
    brakeLimits: {
      percent: config.DLQ_LIMIT_PERCENT,
      consecutive: config.DLQ_LIMIT_CONSECUTIVE,
    },
    brakeRemedy: `Repair the cause, then: curl -X POST http://127.0.0.1:${config.MANAGEMENT_PORT}${brakePath}`,
    budget,
    tracker: createOffsetTracker(),
    health,
    metrics,
    ...(tracing !== undefined && { tracing: createRecordTracing(tracing, groupId) }),
    logger,
    onSinkClosed: (error) => {
      logger.error(
        { reason: error.message },
        'stopping: records that were not printed stay uncommitted',
      );
      void shutdown.stop('the sink is closed', 1);
    },
  });
  metrics.braked(partitions.brakedPartitions);
  const consumer = createOrderConsumer({
    client,
    groupId,
    partitions,
    sessionTimeoutMs: config.SESSION_TIMEOUT_MS,
    heartbeatMs: config.HEARTBEAT_INTERVAL_MS,
    maxBytesPerPartition: config.MAX_PARTITION_FETCH_BYTES,
    checkTopics: topicCheck.check,
    readableTopics: topicCheck.readable,
    health,
    metrics,
    logger,
  });
  const groupCheck = createGroupCheck({
    groupDescription: async () =>
      (await (await client.metadataAdmin()).describeGroups([groupId])).groups[0],
    groupId,
    topics,
    // A topic that waits for its dead-letter topic is assigned to nobody.
    partitionCount: (topic) =>
      topicCheck.readable().includes(topic) ? topicCheck.partitionCount(topic) : undefined,
    health,
    metrics,
    logger,
  });
  const lagMonitor = createLagMonitor({
    client,
    groupId,
    topics,
    checkTopics: topicCheck.check,
    checkGroup: groupCheck.check,
    partitionCount: topicCheck.partitionCount,
    positionOf: partitions.positionOf,
    checkRegistry: registry.checkRegistry,
    registryIsNeeded: registry.registryIsNeeded,
    health,
    metrics,
    logger,
  });

  const deadLetterFaults = () =>
    [...new Set(deadLetterTopics.values())].flatMap((topic) => {
      const fault = writer.faultOf(topic);
      return fault === undefined ? [] : [`dead-letter topic ${topic}: ${fault}`];
    });
  const readiness = () => [...health.readiness(), ...deadLetterFaults()];
  const managementPort = await parts.openManagement(readiness, health.liveness, {
    [brakePath]: () => ({ lifted: partitions.liftBrake() }),
  });
  lagMonitor.start();
  shutdown.onStop('lag monitor', () => lagMonitor.stop());
  consumer.start();
  shutdown.onStop('consumer', () => consumer.stop());
  // Readiness is red from the signal on. The delay lets load balancers and orchestrators notice.
  shutdown.onStop('drain delay', () => delay(config.DRAIN_DELAY_MS));
  logger.info({ host: config.HOST, managementPort, topics, groupId }, 'started');
}

// While a backlog is read, processed records fill the old generation. A collection frees almost all of them.
limitHeapGrowth();
await runService(
  { service: 'order-consumer', version },
  () => loadConsumerConfig(process.env, wasClosed(1)),
  main,
);
