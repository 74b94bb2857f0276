import { setTimeout as delay } from 'node:timers/promises';
import {
  createKafkaClient,
  createKafkaWriter,
  createLogger,
  createMetrics,
  createShutdown,
  createTracing,
  runService,
  startManagementServer,
} from '@order-stream/runtime';
import { createApplication } from './application.ts';
import { loadProducerConfig, type ProducerConfig } from './config.ts';
import { createProducerMetrics } from './metrics.ts';
import { newestOrderSchema } from './newest-order-schema.ts';
import { createOrderEncoder } from './order-encoder.ts';
import { orderRoute } from './order-route.ts';
import { createOrderSerializer } from './order-serializer.ts';
import { createWritePath } from './write-path.ts';

const service = 'order-producer';
const version = '0.1.0';

async function main(config: ProducerConfig): Promise<void> {
  const topic = config.TOPIC_NAME;
  const logger = createLogger({ name: service, level: config.LOG_LEVEL });
  const shutdown = createShutdown({ logger });
  shutdown.listen();
  const tracing = await createTracing(config, { service, version, logger });
  shutdown.onStop('tracing', () => tracing?.close());
  const { serializer, contentType, ...registry } = await createOrderSerializer(config, logger);
  shutdown.onStop('registry', () => registry.close());
  const client = createKafkaClient(config, { logger, clientId: service });
  shutdown.onStop('kafka client', () => client.close());
  const metricsRegistry = createMetrics({ service, version });
  const metrics = createProducerMetrics(metricsRegistry, topic, () => writer.inFlight().bytes);
  const writer = createKafkaWriter(client, {
    logger,
    compression: config.COMPRESSION_TYPE,
    maxInFlight: config.MAX_IN_FLIGHT,
    maxInFlightBytes: config.MAX_IN_FLIGHT_BYTES,
    batchEnded: metrics.batchEnded,
  });
  shutdown.onStop('kafka writer', () => writer.close());

  const schema = newestOrderSchema();
  const encoder = createOrderEncoder({ topic, schema, serializer, contentType });
  const writePath = createWritePath({ client, writer, encoder, topic, logger });
  shutdown.onStop('write path', () => writePath.close());

  const app = createApplication({
    logger,
    metrics,
    tracing,
    logRequestsPerSecond: config.LOG_REQUESTS_PER_SECOND,
    stopping: shutdown.stopping,
  });
  await app.register(
    orderRoute({
      topic,
      writePath,
      encoder,
      writer,
      requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
      tracing,
    }),
  );

  const management = await startManagementServer({
    host: config.HOST,
    port: config.MANAGEMENT_PORT,
    metrics: metricsRegistry,
    readiness: () => (shutdown.stopping() ? ['stopping'] : writePath.faults()),
    liveness: () => [],
  });
  shutdown.onStop('management server', () => management.close());
  await app.listen({ host: config.HOST, port: config.PORT });
  // Readiness is red from the signal on; load balancers get this long to turn away while orders still flow.
  shutdown.onStop('http', async () => {
    await delay(config.DRAIN_DELAY_MS);
    // A connection that was answering at the signal did not promise to close: it turns idle later, for 72 s.
    const sweep = setInterval(() => app.server.closeIdleConnections(), 50);
    await app.close();
    clearInterval(sweep);
  });
  writePath.start();
  logger.info({ host: config.HOST, port: config.PORT, topic }, 'listening');
}

await runService(service, async () => main(loadProducerConfig(process.env)));
