import type { Logger } from '../logger.ts';
import type { IdempotentProducer } from './idempotent-producer.ts';

export type ProducerInUse = IdempotentProducer & {
  /** Its sequence numbers can no longer be trusted: batches that are not in doubt go to the current producer. */
  retired: boolean;
  requests: number;
};

export type ProducerIds = ReturnType<typeof createProducerIds>;

/** The producer id in use, and those that were given up and still have requests in flight. */
export function createProducerIds(create: () => IdempotentProducer, logger: Logger) {
  const next = (): ProducerInUse => ({ ...create(), retired: false, requests: 0 });
  let current = next();

  return {
    current: () => current,
    /** Gives the producer id up; the requests in flight on it still end on it. */
    retire(producer: ProducerInUse, reason: string): void {
      if (producer.retired) return;
      producer.retired = true;
      current = next();
      logger.warn({ reason }, 'producer id given up');
    },
    /** Runs the work of one request. A retired producer is disconnected after its last request. */
    async use(producer: ProducerInUse, request: () => Promise<void>): Promise<void> {
      producer.requests += 1;
      try {
        await request();
      } finally {
        producer.requests -= 1;
        if (producer.retired && producer.requests === 0)
          producer.disconnect().catch((err) => logger.debug({ err }, 'disconnect failed'));
      }
    },
  };
}
