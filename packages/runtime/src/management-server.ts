import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { Registry } from 'prom-client';

/** Returns one text for each fault; an empty list means healthy. */
export type HealthCheck = () => readonly string[];

/**
 * Serves `/healthz` (red: a restart would help), `/readyz` (red: send no work) and `/metrics`. They have a port of
 * their own, so that the load balancer does not expose them.
 */
export async function startManagementServer(options: {
  host: string;
  port: number;
  metrics: Registry;
  readiness: HealthCheck;
  liveness: HealthCheck;
}) {
  const app = fastify({ forceCloseConnections: true });
  const answer = (path: string, check: HealthCheck) =>
    app.get(path, async (_request, reply) => {
      const faults = check();
      return reply
        .code(faults.length === 0 ? 200 : 503)
        .send({ status: faults.length === 0 ? 'ok' : 'unavailable', faults });
    });

  answer('/healthz', options.liveness);
  answer('/readyz', options.readiness);
  app.get('/metrics', async (_request, reply) =>
    reply.type(options.metrics.contentType).send(await options.metrics.metrics()),
  );
  await app.listen({ host: options.host, port: options.port });
  return {
    port: (app.server.address() as AddressInfo).port,
    close: () => app.close(),
  };
}
