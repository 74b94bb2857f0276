import { setTimeout as pause } from 'node:timers/promises';

/**
 * Calls `check` until it returns something other than `undefined` or `false`, and returns that. An error of `check` means
 * "not yet". The pause between two calls is 25 ms, and at most 100 ms after a `check` that took long: a test that waits must
 * not take the processor time of the process for which it waits.
 *
 * @throws Error naming `condition` after `timeoutMs` (default 60 s), with the last error of `check` as its cause
 */
export async function until<T>(
  condition: string,
  check: () => T | Promise<T>,
  timeoutMs = 60_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const startedMs = performance.now();
    let cause: unknown;
    try {
      const result = await check();
      if (result !== undefined && result !== false) return result as Exclude<T, undefined | false>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline)
      throw new Error(`timed out after ${timeoutMs} ms waiting for: ${condition}`, { cause });
    await pause(Math.min(100, Math.max(25, 2 * (performance.now() - startedMs))));
  }
}
