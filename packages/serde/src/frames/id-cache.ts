import { createBoundedMap } from '../registry/bounded-map.ts';
import type { FrameCache } from './frame.ts';

/** A cache by the number that `idOf` reads from a frame. Records come in runs of one id, so the last one is kept apart. */
export function createIdCache<T>(
  maxEntries: number,
  idOf: (frame: Uint8Array) => number,
): FrameCache<T> {
  const entries = createBoundedMap<number, T>(maxEntries);
  let last: T | undefined;
  let lastId: number | undefined;

  return {
    get(frame) {
      const id = idOf(frame);
      if (id === lastId) return last;
      last = entries.get(id);
      lastId = id;
      return last;
    },

    set(frame, entry) {
      const id = idOf(frame);
      if (id === lastId) lastId = undefined;
      entries.set(id, entry);
    },
  };
}
