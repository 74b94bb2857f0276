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
  /** What an operator can ask the service to do, by the path of a POST request. The result is the answer. */
  actions?: Readonly<Record<string, () => unknown>>;
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
  for (const [path, act] of Object.entries(options.actions ?? {}))
    app.post(path, async (_request, reply) => reply.send(act()));
  await app.listen({ host: options.host, port: options.port });
  return {
    port: (app.server.address() as AddressInfo).port,
    close: () => app.close(),
  };
}
