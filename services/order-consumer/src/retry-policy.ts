const firstDelayMs = 100;
const longestDelayMs = 30_000;

/**
 * Delay in ms before the next attempt after `failures` consecutive failures (from 1): a random part ("full jitter") of 100 ms,
 * doubled each time, at most 30 s. Consumers that failed together do not retry together. The number of attempts is unlimited: the
 * cause is a system that is down, and the records stay in Kafka.
 *
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs));
}
