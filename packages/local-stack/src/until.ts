import { setTimeout as pause } from 'node:timers/promises';

/**
 * Looks every 25 ms until `look` gives something other than `undefined` or `false`, and returns it. A look that throws
 * counts as "not yet"; after `timeoutMs` (default 30 s) its error, or `what`, is the failure.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  timeoutMs = 30_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause });
    await pause(25);
  }
}
