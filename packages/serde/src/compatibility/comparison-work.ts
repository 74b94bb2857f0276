/** What a comparison of Avro or Protobuf types takes. */
export interface ComparisonWork {
  /** Pairs of types that are remembered with their faults, which takes memory. */
  pairs: number;
  /** Fields, branches, symbols and pairs that are looked at. */
  steps: number;
}

/**
 * How much a comparison may take. Two schemas without cycles, and without unions of many types with one name, take about as
 * many pairs as the larger has types, and as many steps as it has fields. Cycles of m and n types can take m × n pairs.
 */
export const workLimits: Readonly<ComparisonWork> = { pairs: 50_000, steps: 1_000_000 };

export function isBeyond(limits: Readonly<ComparisonWork>, work: ComparisonWork): boolean {
  return work.pairs > limits.pairs || work.steps > limits.steps;
}

/** The message of a TOO_COMPLEX. */
export function beyondInWords({ pairs, steps }: Readonly<ComparisonWork>): string {
  return `the comparison takes more than ${pairs} pairs of types or ${steps} steps`;
}
