import { logNodeErrors, standardError } from '@order-stream/standard-streams';
import { createKafkaClient } from './kafka-client.ts';
import { ConfigError } from './load-config.ts';
import { createLogger } from './logger.ts';
import type { HealthCheck } from './management-server.ts';
import { createMetrics } from './metrics.ts';
import type { ServiceConfig } from './service-variables.ts';
import { createShutdown } from './shutdown.ts';
import { keepTickShape } from './tick-shape.ts';
import { createTracing } from './tracing.ts';

/** EX_CONFIG of sysexits.h. */
const invalidConfiguration = 78;

interface Build {
  service: string;
  version: string;
}

export type ServiceParts = Awaited<ReturnType<typeof createParts>>;

/**
 * Starts a service. An invalid environment ends the process with exit code 78 and one line on stderr for each fault.
 * Any other failure to start ends it with exit code 1.
 */
export async function runService<Config extends ServiceConfig>(
  build: Build,
  readConfig: () => Config,
  start: (config: Config, parts: ServiceParts) => Promise<void>,
): Promise<void> {
  keepTickShape();
  try {
    const config = readConfig();
    await start(config, await createParts(build, config));
  } catch (error) {
    const lines =
      error instanceof ConfigError
        ? error.faults.map(({ variable, problem }) => `${variable} ${problem}`)
        : [error instanceof Error ? error.message : String(error)];
    for (const line of lines) standardError().write(`${build.service}: ${line}\n`);
    process.exit(error instanceof ConfigError ? invalidConfiguration : 1);
  }
}

/** The parts of every service. They are stopped after the parts that the service adds. */
async function createParts(build: Build, config: ServiceConfig) {
  const logger = createLogger({ name: build.service, level: config.LOG_LEVEL });
  logNodeErrors(logger);
  const shutdown = createShutdown({ logger });
  shutdown.listen();
  const tracing = await createTracing(config, { ...build, logger });
  shutdown.onStop('tracing', () => tracing?.close());
  const client = createKafkaClient(config, { logger, clientId: build.service });
  shutdown.onStop('kafka client', () => client.close());
  const metrics = createMetrics(build);

  /** Opens the management port, and returns its number. */
  async function openManagement(
    readiness: HealthCheck,
    liveness: HealthCheck,
    actions: Readonly<Record<string, () => unknown>> = {},
  ): Promise<number> {
    const { HOST: host, MANAGEMENT_PORT: port } = config;
    const checks = { readiness, liveness, actions };
    // Loaded only by services: the commands that use this package have no server.
    const { startManagementServer } = await import('./management-server.ts');
    const server = await startManagementServer({ host, port, metrics, ...checks });
    shutdown.onStop('management server', () => server.close());
    return server.port;
  }

  return { logger, shutdown, tracing, client, metrics, openManagement };
}
