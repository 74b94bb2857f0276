/** What a comparison of Avro or Protobuf types takes. */
export interface ComparisonWork {
  /** Pairs of types that are remembered, which takes memory. */
  pairs: number;
  /** Fields, their names, branches, values of enums, reserved numbers and pairs that are looked at. */
  steps: number;
}

/**
 * How much a comparison may take. Two schemas in which a type is compared with one other take about as many pairs as the
 * larger has types, and as many steps as both have types, fields, branches and values of enums: each pair is counted once,
 * however many fields have it. In cycles of m and n types, and where unions have many types of one name, each type can be
 * compared with each: m × n pairs.
 */
export const workLimits: Readonly<ComparisonWork> = { pairs: 50_000, steps: 1_000_000 };

export function isBeyond(limits: Readonly<ComparisonWork>, work: ComparisonWork): boolean {
  return work.pairs > limits.pairs || work.steps > limits.steps;
}

/** The message of a TOO_COMPLEX. */
export function beyondInWords({ pairs, steps }: Readonly<ComparisonWork>): string {
  return `the comparison takes more than ${pairs} pairs of types or ${steps} steps`;
}
