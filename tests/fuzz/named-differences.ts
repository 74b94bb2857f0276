import type { Difference } from './difference.ts';
import type { FormatName } from './fuzz-format.ts';

/** A difference from Java that README names, and exactly the cases that its sentence covers. */
export interface NamedDifference {
  name: string;
  format: FormatName;
  /** A sentence of packages/serde/README.md, word for word; white space aside. */
  sentence: string;
  covers(difference: Difference, definition: string): boolean;
}

export const namedDifferences: readonly NamedDifference[] = [];

export function nameOf(
  format: FormatName,
  difference: Difference,
  definition: string,
): NamedDifference | undefined {
  return namedDifferences.find(
    (one) => one.format === format && one.covers(difference, definition),
  );
}
