import { createLogger, type Logger } from '@order-stream/runtime';
import { createApplication } from '../application.ts';
import { createBodyBudget } from '../body-budget.ts';
import { orderKey } from '../order-encoder.ts';
import { orderRoute } from '../order-route.ts';

export interface Behaviour {
  open?: () => never;
  encode?: () => never;
  append?: () => Promise<bigint>;
}

/** The HTTP application with a write path that has the given behaviour. */
export async function testApplication(
  options: {
    behaviour?: Behaviour;
    bodyBudget?: ReturnType<typeof createBodyBudget>;
    logger?: Logger;
    metrics?: Partial<Parameters<typeof createApplication>[0]['metrics']>;
    stopping?: () => boolean;
  } = {},
) {
  const { behaviour = {} } = options;
  const app = createApplication({
    logger: options.logger ?? createLogger({ name: 'test', level: 'silent' }),
    logRequestsPerSecond: 10,
    stopping: options.stopping ?? (() => false),
    metrics: { requestStarted() {}, requestEnded() {}, batchEnded() {}, ...options.metrics },
    bodyBudget: options.bodyBudget ?? createBodyBudget(16_777_216),
  });
  await app.register(
    orderRoute({
      topic: 'orders',
      writePath: {
        open: () => behaviour.open?.() ?? { partitionCount: 6 },
        faults: () => [],
        start() {},
        close: async () => {},
      },
      encoder: {
        prepare: () => Promise.reject(new Error('not asked')),
        encode: (event) =>
          behaviour.encode?.() ?? {
            partition: 3,
            record: { key: orderKey(event.order_id), value: null, timestampMs: 0 },
            schemaVersionId: 'v',
          },
      },
      writer: {
        append(_topic, _partition, _record, _deadline, written, failed) {
          const answer = behaviour.append?.() ?? Promise.resolve(41n);
          answer.then(written, failed);
        },
      },
      requestTimeoutMs: 10_000,
    }),
  );
  return app;
}
