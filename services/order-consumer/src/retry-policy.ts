const firstDelayMs = 100;
const longestDelayMs = 30_000;

/**
 * How long to wait after the `failures`-th failure in a row (from 1): 100 ms, doubled each time, at most 30 s, of which
 * up to the half is left to chance so that consumers which failed together do not come back together. There is no last
 * attempt: what is worth retrying is a system that is down, and its records keep.
 */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const delayMs = Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs);
  return Math.round(delayMs * (1 - random() / 2));
}
