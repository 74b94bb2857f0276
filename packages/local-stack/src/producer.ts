import { glueEnvironment } from './glue-local.ts';
import { freePort } from './ports.ts';
import { type ServiceProcess, startService } from './service-process.ts';

export interface ProducerProcess extends ServiceProcess {
  url: string;
  managementUrl: string;
  /** Posts one order. Returns the answer's status, headers and body. */
  post(order: object | string): Promise<{ status: number; headers: Headers; body: Answer }>;
}

export type Answer = Record<string, unknown> & { order_id?: string; type?: string };

/** Starts the producer service, by default until it is ready. */
export async function startProducer(options: {
  bootstrapServers: string;
  registry: { endpoint: string };
  topic: string;
  env?: Record<string, string>;
  waitUntilReady?: boolean;
}): Promise<ProducerProcess> {
  const port = await freePort();
  const managementPort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  const service = await startService({
    main: 'services/order-producer/src/main.ts',
    env: {
      BOOTSTRAP_SERVERS: options.bootstrapServers,
      TOPIC_NAME: options.topic,
      HOST: '127.0.0.1',
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      DRAIN_DELAY_MS: '0',
      ...glueEnvironment(options.registry),
      ...options.env,
    },
    ...(options.waitUntilReady === false ? {} : { readyUrl: `${managementUrl}/readyz` }),
  });
  return {
    ...service,
    url,
    managementUrl,
    async post(order) {
      const response = await fetch(`${url}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof order === 'string' ? order : JSON.stringify(order),
      });
      const { status, headers } = response;
      return { status, headers, body: (await response.json()) as Answer };
    },
  };
}
