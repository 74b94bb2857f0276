import { setTimeout as delay } from 'node:timers/promises';
import { createKafkaWriter, runService, type ServiceParts } from '@order-stream/runtime';
import { wasClosed } from '@order-stream/standard-streams';
import { createBatchProcessor } from './batch-processor.ts';
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
import { createStdoutSink } from './sinks/stdout-sink.ts';
import { createTopicCheck } from './topic-check.ts';

const version = '0.1.0';

async function main(config: ConsumerConfig, parts: ServiceParts): Promise<void> {
  const { logger, shutdown, tracing, client } = parts;
  const topics = config.TOPIC_NAMES;
  const groupId = groupIdOf(config);
  const deadLetterTopics = new Map(
    topics.map((topic) => [topic, deadLetterTopicOf(config, topic)]),
  );
  const metrics = createConsumerMetrics(parts.metrics, groupId, topics);

  const { deserializer, ...registry } = await createRecordDeserializer(config, logger);
  shutdown.onStop('registry', () => registry.close());
  const writer = createKafkaWriter(client, { logger });
  shutdown.onStop('kafka writer', () => writer.close());

  const sink = createStdoutSink({ stopping: shutdown.stopping });
  const health = createConsumerHealth({
    stopping: shutdown.stopping,
    sinkBusySince: sink.busySince,
    sinkMovedSlowlyAt: sink.movedSlowlyAt,
  });
  const topicCheck = createTopicCheck({
    writer,
    deadLetterTopics,
    health,
    metrics,
  });
  const tracker = createOffsetTracker();
  const consumer = createOrderConsumer({
    client,
    groupId,
    sessionTimeoutMs: config.SESSION_TIMEOUT_MS,
    heartbeatMs: config.HEARTBEAT_INTERVAL_MS,
    maxBytesPerPartition: config.MAX_PARTITION_FETCH_BYTES,
    checkTopics: topicCheck.check,
    readableTopics: topicCheck.readable,
    processBatch: createBatchProcessor({
      decodeRun: createRecordDecoder({ deserializer, tombstones: config.TOMBSTONES }),
      sink,
      sendDeadLetters: createDeadLetterSender({
        writer,
        deadLetterTopicOf: (topic) => deadLetterTopicOf(config, topic),
        partitionCount: topicCheck.partitionCount,
        groupId,
        serviceVersion: version,
        logger,
        onSent: ({ reason }) => metrics.deadLetter(reason),
      }),
      ...(tracing !== undefined && { onAcknowledged: createRecordTracing(tracing, groupId) }),
    }),
    tracker,
    health,
    metrics,
    logger,
    onSinkClosed: (error) => {
      logger.error(
        { reason: error.message },
        'stopping: records that were not printed stay uncommitted',
      );
      void shutdown.stop('the sink is closed', 1);
    },
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
  const managementPort = await parts.openManagement(readiness, health.liveness);
  lagMonitor.start();
  shutdown.onStop('lag monitor', () => lagMonitor.stop());
  consumer.start();
  shutdown.onStop('consumer', () => consumer.stop());
  // Readiness is red from the signal on. The delay lets load balancers and orchestrators notice.
  shutdown.onStop('drain delay', () => delay(config.DRAIN_DELAY_MS));
  logger.info({ host: config.HOST, managementPort, topics, groupId }, 'started');
}

await runService(
  { service: 'order-consumer', version },
  () => loadConsumerConfig(process.env, wasClosed(1)),
  main,
);
