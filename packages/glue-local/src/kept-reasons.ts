import type { Incompatibility } from '@order-stream/serde/compatibility';

/** Why a definition is not compatible with a version. */
export interface Reason extends Incompatibility {
  /** The number of that version. Databases of older versions of this program do not have it. */
  previousVersion?: number | undefined;
}

// A long history can have millions of reasons against one definition, and the place of a reason can have thousands of
// characters.
const kept = { count: 1000, characters: 500_000 };

/** The first reasons, at least one if there are any: up to a number of reasons and of characters as JSON. */
export function firstReasons(
  reasons: readonly Reason[],
  { count, characters } = kept,
): readonly Reason[] {
  let sum = 0;
  const end = reasons.findIndex((reason, index) => {
    sum += JSON.stringify(reason).length;
    return index >= count || (index > 0 && sum > characters);
  });
  return end < 0 ? reasons : reasons.slice(0, end);
}
