import { refusalOf, writtenPartitions } from '../kafka-errors.ts';

/** Other partitions of a busy topic are written at least once in this time. */
const noWriteForMs = 1_000;
/**
 * A refusal counts this long. Only a write shows that writes are accepted again, and a load balancer sends no orders to a
 * service that is not ready: it must become ready to find out.
 */
const maxAgeMs = 20_000;

export type Refusals = ReturnType<typeof createRefusals>;

/** Knows topics to which no write succeeds, for a reason that concerns topic, brokers or clock and not the record. */
export function createRefusals() {
  const refused = new Map<string, { reason: string; sinceMs: number; lastMs: number }>();

  function written(topic: string): void {
    refused.delete(topic);
  }

  function refuse(topic: string, reason: string | undefined): void {
    if (reason === undefined) return;
    const lastMs = performance.now();
    const before = refused.get(topic);
    const continues = before !== undefined && lastMs - before.lastMs < maxAgeMs;
    refused.set(topic, { reason, sinceMs: continues ? before.sinceMs : lastMs, lastMs });
  }

  return {
    written,
    /** Notes the error of an attempt to write to the topic. */
    failed(topic: string, error: unknown): void {
      if (writtenPartitions(error).length > 0) written(topic);
      else refuse(topic, refusalOf(error));
    },
    /** Why the brokers refuse every write to the topic, in words; undefined while they do not. */
    faultOf(topic: string): string | undefined {
      const found = refused.get(topic);
      if (found === undefined) return undefined;
      const nowMs = performance.now();
      if (nowMs - found.sinceMs < noWriteForMs || nowMs - found.lastMs >= maxAgeMs)
        return undefined;
      return `the brokers refuse every write: ${found.reason.replaceAll('-', ' ')}`;
    },
  };
}
