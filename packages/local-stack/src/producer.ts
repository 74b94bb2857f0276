import { freePort } from './ports.ts';
import { type ServiceOptions, startOrderService } from './service-process.ts';

export type ProducerProcess = Awaited<ReturnType<typeof startProducer>>;

export type Answer = Record<string, unknown> & { order_id?: string; type?: string };

/** Starts the producer service, by default until it is ready. */
export async function startProducer(options: ServiceOptions) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const own = { TOPIC_NAME: options.topic, PORT: String(port) };
  return {
    ...(await startOrderService('order-producer', own, options)),
    url,
    /** Posts one order. Returns the answer's status, headers and body. */
    async post(order: object | string) {
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
