const firstDelayMs = 100;
const longestDelayMs = 30_000;

/**
 * Delay in ms before the next attempt after `failures` consecutive failures (from 1): 100 ms, doubled each time, at most
 * 30 s, with up to 50 % jitter so that consumers which failed together do not retry together. The number of attempts is
 * unlimited: the cause is a system that is down, and the records stay in Kafka.
 */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const delayMs = Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs);
  return Math.round(delayMs * (1 - random() / 2));
}
