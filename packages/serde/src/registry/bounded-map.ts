/** As much of a `Map` as the caches need. */
export interface BoundedMap<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
}

/**
 * A map of at most `maxEntries`. What was not used for longest goes first.
 *
 * Two generations, each half the bound: what is found in the old one moves to the young one, and when that is full the
 * rest of the old one is forgotten. Finding costs a lookup or two, and nothing is kept in order.
 */
export function createBoundedMap<K, V>(maxEntries: number): BoundedMap<K, V> {
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
    get(key) {
      const found = young.get(key);
      if (found !== undefined) return found;
      const aged = old.get(key);
      if (aged !== undefined) {
        old.delete(key);
        set(key, aged);
      }
      return aged;
    },
    set(key, value) {
      old.delete(key);
      set(key, value);
    },
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
  };
}
