export type BranchVerdicts = ReturnType<typeof createBranchVerdicts>;

/**
 * Which conditional schemas the parts of one value matched: branches of `anyOf` and `oneOf`, `if`, and `contains`.
 * Only matches of objects and arrays are kept. References are linked without a dynamic scope, so that a schema has one
 * verdict for a value.
 */
export function createBranchVerdicts() {
  const matched = new Map<object, unknown[]>();
  const contained = new Map<object, Map<unknown, readonly number[]>>();

  return {
    /** Forgets the value: the caller may change it before it is checked again. */
    clear(): void {
      matched.clear();
      contained.clear();
    },
    recordMatch(value: unknown, branch: unknown): void {
      if (typeof value !== 'object' || value === null) return;
      const branches = matched.get(value);
      if (branches) branches.push(branch);
      else matched.set(value, [branch]);
    },
    /** @param schema whose `contains` the items at these indexes match */
    recordItems(value: object, schema: unknown, indexes: readonly number[]): void {
      const lists = contained.get(value) ?? new Map();
      contained.set(value, lists.set(schema, indexes));
    },
    matches: (value: object, branch: unknown): boolean =>
      matched.get(value)?.includes(branch) ?? false,
    itemsOf: (value: object, schema: unknown): readonly number[] =>
      contained.get(value)?.get(schema) ?? [],
  };
}
