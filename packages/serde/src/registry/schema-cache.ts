import { createBoundedMap } from './bounded-map.ts';

/** How many answers are kept, and for how long. */
export interface SchemaCacheOptions {
  /** Limit of the answers kept; the least recently used ones are removed. Default 1000. */
  maxEntries?: number;
  /** An older answer is returned, and refreshed in the background. Default: never. */
  refreshAfterMs?: number;
  /** For how long a failure is kept as the answer. Default 0: the next caller asks again. */
  failureMs?: (error: unknown) => number;
  /** A monotonic clock in milliseconds. */
  now?: () => number;
}

interface Entry<T> {
  answer: Promise<T>;
  /** The answer is not refreshed before this time. */
  freshUntilMs: number;
}

const retryRefreshMs = 30_000;
const maxFailures = 10_000;

/**
 * Keeps the results of `load` by key. Callers of a key share one `load` in progress, so that a thousand first records
 * make one request.
 *
 * Invariant: once a key has an answer, its callers never see a failure of `load`.
 */
export function createSchemaCache<T>(options: SchemaCacheOptions = {}) {
  const { maxEntries = 1_000, refreshAfterMs = Number.POSITIVE_INFINITY } = options;
  const { failureMs = () => 0, now = () => performance.now() } = options;
  const failures = new Map<string, { error: unknown; untilMs: number }>();
  const entries = createBoundedMap<string, Entry<T>>(maxEntries);

  function refresh(entry: Entry<T>, load: () => Promise<T>): void {
    entry.freshUntilMs = now() + refreshAfterMs;
    load().then(
      (answer) => {
        entry.answer = Promise.resolve(answer);
      },
      () => {
        entry.freshUntilMs = now() + Math.min(retryRefreshMs, refreshAfterMs);
      },
    );
  }

  return function ask(key: string, load: () => Promise<T>): Promise<T> {
    const known = entries.get(key);
    if (known) {
      if (now() >= known.freshUntilMs) refresh(known, load);
      return known.answer;
    }
    const failure = failures.get(key);
    if (failure && now() < failure.untilMs) return Promise.reject(failure.error);
    failures.delete(key);
    const entry: Entry<T> = { answer: load(), freshUntilMs: now() + refreshAfterMs };
    entries.set(key, entry);
    entry.answer.catch((error) => {
      if (entries.get(key) === entry) entries.delete(key);
      const rememberMs = failureMs(error);
      if (rememberMs <= 0) return;
      if (failures.size >= maxFailures) failures.clear();
      failures.set(key, { error, untilMs: now() + rememberMs });
    });
    return entry.answer;
  };
}
