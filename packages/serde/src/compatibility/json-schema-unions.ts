import { equalityKey } from '../json-schema/exact-values.ts';
import { type Found, fault, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { branchesOf, possibleBranches } from './json-schema-branches.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { isSame } from './json-schema-same.ts';
import { splitSize } from './json-schema-splits.ts';

const maxPairsBeforeSplit = 1000;

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
  if (Array.isArray(anyOf) && !keepsBranches('anyOf')) {
    const branches = possibleBranches(reader, 'anyOf', atoms, comparison);
    const isAccepted =
      !isDecidedBySplit(branches) && branches.some((branch) => compare(branch, atoms).length === 0);
    if (!isAccepted) found.push(narrowed());
  }
  if (Array.isArray(oneOf) && !keepsBranches('oneOf') && !keepsOneOf()) {
    const branches = possibleBranches(reader, 'oneOf', atoms, comparison);
    const accepting = isDecidedBySplit(branches)
      ? []
      : branches.filter((branch) => compare(branch, atoms).length === 0);
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

  // Otherwise each branch is compared with every branch or value of the writer, and once more after the split.
  function isDecidedBySplit(branches: readonly SchemaAt[]): boolean {
    const size = splitSize(atoms);
    return size > 1 && branches.length > 1 && branches.length * size > maxPairsBeforeSplit;
  }

  function isAlone(branch: SchemaAt, branches: readonly SchemaAt[]): boolean {
    return branches.every((other) => other === branch || isEmpty([other, branch, ...atoms]));
  }

  /** Whether the reader has each branch of a union of the writer, and no value of the writer matches another one. */
  function keepsBranches(keyword: 'anyOf' | 'oneOf'): boolean {
    const wanted = branchesOf(reader, keyword, comparison);
    return atoms.some((at) => {
      if (!Array.isArray(keywordsOf(at)[keyword])) return false;
      const added = addedBranches(wanted, branchesOf(at, keyword, comparison), comparison);
      if (!added) return false;
      return keyword === 'anyOf' || added.every((branch) => isEmpty([branch, ...atoms]));
    });
  }

  /** Whether the writer has a `oneOf` with branches for the same values. */
  function keepsOneOf(): boolean {
    const wanted = branchesOf(reader, 'oneOf', comparison);
    return atoms.some((at) => {
      const list = keywordsOf(at).oneOf;
      if (!Array.isArray(list) || list.length !== wanted.length) return false;
      const given = branchesOf(at, 'oneOf', comparison);
      return wanted.every((branch, index) => {
        const before = given[index] as SchemaAt;
        return compare(branch, [before]).length === 0 && compare(before, [branch]).length === 0;
      });
    });
  }
}

/** The branches beside those that another union has too; undefined if one of these is missing. */
function addedBranches(
  wanted: readonly SchemaAt[],
  given: readonly SchemaAt[],
  comparison: Comparison,
): readonly SchemaAt[] | undefined {
  const added = new Set(wanted);
  const byText = new Map<string, SchemaAt>();
  for (const [index, before] of given.entries()) {
    let branch = wanted[index];
    if (!branch || !added.has(branch) || !isSame(branch, before, comparison)) {
      if (byText.size === 0) for (const one of added) byText.set(equalityKey(one.schema), one);
      branch = byText.get(equalityKey(before.schema));
      if (!branch || !added.has(branch) || !isSame(branch, before, comparison)) return undefined;
    }
    added.delete(branch);
  }
  return [...added];
}
