import type { Found } from './json-schema-at.ts';

interface Postponed {
  readonly decide: () => Found;
  /** Undefined until it is decided, and again when it may depend on another that turned out to be incompatible. */
  found: Found | undefined;
}

/**
 * Comparisons of parts of a value that were too deep inside others and are decided after them.
 *
 * Until then they count as compatible, as pairs in progress do: each is about a smaller part of the value than the
 * comparison that needs it, so that verdicts without a fault prove each other. A fault that is found is definite.
 */
export function createPostponed() {
  const byKey = new Map<string, Postponed>();
  const list: Postponed[] = [];

  return {
    /** What is known of a comparison; nothing is a fault as long as it has not been decided. */
    postpone(key: string, decide: () => Found): Found {
      const known = byKey.get(key);
      if (known) return known.found ?? [];
      const added = { decide, found: undefined };
      byKey.set(key, added);
      list.push(added);
      return [];
    },

    /**
     * @param decideWhole the outermost comparison
     * @param forget drops every verdict without a fault, which may depend on a comparison that has one
     */
    decideAll(decideWhole: () => Found, forget: () => void): Found {
      let whole = decideWhole();
      for (let isStale = false; ; ) {
        // The last one first: of a chain, each is then decided once more when the next is known.
        const next = list.findLast(({ found }) => found === undefined);
        if (!next && !isStale) return whole;
        if (!next) {
          isStale = false;
          whole = decideWhole();
          continue;
        }
        next.found = next.decide();
        if (next.found.length === 0) continue;
        forget();
        for (const other of list) if (other.found?.length === 0) other.found = undefined;
        isStale = true;
      }
    },
  };
}
