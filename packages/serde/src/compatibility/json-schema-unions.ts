import { type Found, fault, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { schemasIn } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';

/** Whether some branch of the reader's `anyOf`, or exactly one of its `oneOf`, accepts every value. */
export function findUnionFaults(
  reader: SchemaAt,
  atoms: readonly SchemaAt[],
  comparison: Comparison,
): Found {
  const { anyOf, oneOf } = keywordsOf(reader);
  const { compare, isEmpty } = comparison;
  const [place = reader] = atoms;
  const found: Found = [];
  if (Array.isArray(anyOf)) {
    const branches = schemasIn(reader, 'anyOf');
    if (!branches.some((branch) => compare(branch, atoms).length === 0)) found.push(narrowed());
  }
  if (Array.isArray(oneOf) && !keepsOneOf()) {
    const branches = schemasIn(reader, 'oneOf');
    const accepting = branches.filter((branch) => compare(branch, atoms).length === 0);
    const [branch, second] = accepting;
    if (!branch) found.push(narrowed());
    else if (second || !isAlone(branch, branches)) {
      const message = 'a value that was allowed may match more than one branch';
      found.push(fault('CONDITION_CHANGED', reader, place, message, 'oneOf'));
    }
  }
  return found;

  function narrowed() {
    return fault('UNION_NARROWED', reader, place, 'no branch accepts what was allowed');
  }

  function isAlone(branch: SchemaAt, branches: readonly SchemaAt[]): boolean {
    return branches.every((other) => other === branch || isEmpty([other, branch, ...atoms]));
  }

  /** Whether the writer has a `oneOf` with branches for the same values. */
  function keepsOneOf(): boolean {
    const wanted = schemasIn(reader, 'oneOf');
    return atoms.some((at) => {
      const given = schemasIn(at, 'oneOf');
      if (given.length !== wanted.length) return false;
      return wanted.every((branch, index) => {
        const before = given[index] as SchemaAt;
        return compare(branch, [before]).length === 0 && compare(before, [branch]).length === 0;
      });
    });
  }
}
