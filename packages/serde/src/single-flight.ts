/**
 * Remembers what `load` resolved to, by key, and joins callers of one key while it is loading, so
 * that a thousand first records make one request. Failures are not remembered. Bounded: the key
 * that was added first goes first.
 */
export function createSingleFlight<T>(maxEntries: number) {
  const entries = new Map<string, Promise<T>>();

  return function once(key: string, load: () => Promise<T>): Promise<T> {
    const known = entries.get(key);
    if (known) return known;
    const loading = load();
    if (entries.size >= maxEntries) entries.delete(entries.keys().next().value as string);
    entries.set(key, loading);
    loading.catch(() => {
      if (entries.get(key) === loading) entries.delete(key);
    });
    return loading;
  };
}
