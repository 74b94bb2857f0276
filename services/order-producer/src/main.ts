import { setTimeout as delay } from 'node:timers/promises';
import { createKafkaWriter, runService, type ServiceParts } from '@order-stream/runtime';
import { createApplication } from './application.ts';
import { createBodyBudget } from './body-budget.ts';
import { loadProducerConfig, type ProducerConfig } from './config.ts';
import { createProducerMetrics } from './metrics.ts';
import { newestOrderSchema } from './newest-order-schema.ts';
import { createOrderEncoder } from './order-encoder.ts';
import { orderRoute } from './order-route.ts';
import { createOrderSerializer } from './order-serializer.ts';
import { createWritePath } from './write-path.ts';

async function main(config: ProducerConfig, parts: ServiceParts): Promise<void> {
  const { logger, shutdown, tracing, client } = parts;
  const topic = config.TOPIC_NAME;
  const { serializer, contentType, ...registry } = await createOrderSerializer(config, logger);
  shutdown.onStop('registry', () => registry.close());
  const bodyBudget = createBodyBudget(config.MAX_IN_FLIGHT_BYTES);
  const metrics = createProducerMetrics(parts.metrics, topic, {
    inFlight: () => writer.inFlight().bytes,
    receiving: bodyBudget.bytes,
  });
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
  const writePath = createWritePath({ writer, encoder, topic, logger });
  shutdown.onStop('write path', () => writePath.close());

  const app = createApplication({
    logger,
    metrics,
    bodyBudget,
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

  const readiness = () => (shutdown.stopping() ? ['stopping'] : writePath.faults());
  await parts.openManagement(readiness, () => []);
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

await runService(
  { service: 'order-producer', version: '0.1.0' },
  () => loadProducerConfig(process.env),
  main,
);
