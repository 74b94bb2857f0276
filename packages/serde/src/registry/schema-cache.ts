import { UndecodableError } from '../errors.ts';
import { createBoundedMap } from './bounded-map.ts';

/** How long answers are kept, and how many. */
export interface SchemaCacheOptions {
  /** At most this many answers are kept; those not asked for longest go first. Default 1000. */
  maxEntries?: number;
  /** An answer older than this is given all the same, and asked for again behind the caller's back. Default: never. */
  refreshAfterMs?: number;
  /** For how long a failure is the answer as well. Default 0: the next caller asks again. */
  failureMs?: (error: unknown) => number;
  /** Milliseconds that never run backwards. */
  now?: () => number;
}

interface Entry<T> {
  answer: Promise<T>;
  /** Until then the answer is not asked for again. */
  freshUntilMs: number;
}

/** A name can come to mean another version. */
const nameRefreshMs = 5 * 60_000;
/** Without this, a burst of records that cannot be read becomes a burst of requests. */
const undecodableMemoryMs = 10_000;
const retryRefreshMs = 30_000;
const maxFailures = 10_000;

/**
 * Keeps what `load` resolved to, by key, and joins callers of one key while it is loading, so that a thousand first
 * records make one request.
 *
 * Invariant: once a key has an answer, a source that is down is never seen by its callers.
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

/** Answers by id: they never expire. That an id is undecodable is remembered for 10 s. */
export function createIdCache<T>(maxEntries: number) {
  return createSchemaCache<T>({
    maxEntries,
    failureMs: (error) => (error instanceof UndecodableError ? undecodableMemoryMs : 0),
  });
}

/** Answers by name or definition, refreshed in the background after 5 minutes. */
export function createNameCache<T>(maxEntries: number) {
  return createSchemaCache<T>({ maxEntries, refreshAfterMs: nameRefreshMs });
}
