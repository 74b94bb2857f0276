import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Logger } from '@order-stream/runtime';
import { createBodyBudget } from '../body-budget.ts';
import { connectRaw } from './raw-client.ts';
import { testApplication } from './test-application.ts';

/** The application on a port of its own. Its orders wait for `acknowledge`. */
export async function listeningApplication(
  options: { maxPartialBytes?: number; timeoutMs?: number } = {},
) {
  const waiting: ((offset: bigint) => void)[] = [];
  const lines: Record<string, unknown>[] = [];
  const bodyBudget = createBodyBudget(options.maxPartialBytes ?? 16_777_216);
  let written = 0;
  let active = 0;
  let isStopping = false;
  const collect = (fields: Record<string, unknown>) => void lines.push(fields);
  const logger = { info: collect, warn: collect, error: collect } as unknown as Logger;
  const app = await testApplication({
    bodyBudget,
    logger,
    stopping: () => isStopping,
    metrics: {
      requestStarted() {
        active += 1;
      },
      requestEnded() {
        active -= 1;
      },
    },
    behaviour: {
      append() {
        written += 1;
        return new Promise((resolve) => waiting.push(resolve));
      },
    },
  });
  if (options.timeoutMs !== undefined)
    Object.assign(app.server, {
      headersTimeout: options.timeoutMs,
      requestTimeout: options.timeoutMs,
    });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    port,
    connect: () => connectRaw(port),
    bodyBudget,
    /** Orders that the writer took. */
    written: () => written,
    /** Requests without an answer, as the metric counts them. */
    active: () => active,
    log: () => lines,
    /** Resolves when the next connection breaks or times out. */
    connectionFailed: () => once(app.server, 'clientError'),
    openConnections: () => promisify(app.server.getConnections.bind(app.server))(),
    stop() {
      isStopping = true;
    },
    /** Acknowledges all waiting orders, the newest first. */
    async acknowledge() {
      await nextTurn();
      for (const resolve of waiting.splice(0).reverse()) resolve(41n);
    },
    close: () => app.close(),
  };
}
