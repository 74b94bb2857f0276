import { setTimeout as pause } from 'node:timers/promises';

/**
 * Calls `check` every 25 ms until it returns something other than `undefined` or `false`, and returns that. An error of
 * `check` means "not yet".
 *
 * @throws Error naming `condition` after `timeoutMs` (default 30 s), with the last error of `check` as its cause
 */
export async function until<T>(
  condition: string,
  check: () => T | Promise<T>,
  timeoutMs = 30_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const result = await check();
      if (result !== undefined && result !== false) return result as Exclude<T, undefined | false>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline)
      throw new Error(`timed out after ${timeoutMs} ms waiting for: ${condition}`, { cause });
    await pause(25);
  }
}
