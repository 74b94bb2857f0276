/**
 * A map of at most `maxEntries` entries, which removes the least recently used ones.
 *
 * It has two generations of half that size. An entry that is found in the old generation moves to the young one. When
 * the young one is full, the old one is dropped. A lookup costs one or two map lookups, and no order is maintained.
 */
export function createBoundedMap<K, V>(maxEntries: number) {
  const half = Math.ceil(maxEntries / 2);
  let young = new Map<K, V>();
  let old = new Map<K, V>();

  function set(key: K, value: V): void {
    if (young.size >= half && !young.has(key)) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  }

  return {
    get(key: K): V | undefined {
      const found = young.get(key);
      if (found !== undefined) return found;
      const aged = old.get(key);
      if (aged !== undefined) {
        old.delete(key);
        set(key, aged);
      }
      return aged;
    },
    set(key: K, value: V): void {
      old.delete(key);
      set(key, value);
    },
    entries: (): [K, V][] => [...old, ...young],
    delete(key: K): void {
      young.delete(key);
      old.delete(key);
    },
  };
}
