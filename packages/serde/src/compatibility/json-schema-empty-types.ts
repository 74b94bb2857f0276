import { isMultiple } from '../json-schema/exact-values.ts';
import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf } from './json-schema-atoms.ts';
import { isVoid, tightest } from './json-schema-bounds.ts';
import { closedNames, longestArray } from './json-schema-closed.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { countsOf } from './json-schema-contains.ts';
import { itemsAt, tupleLengthOf } from './json-schema-items.ts';
import { cannotHave, schemasFor } from './json-schema-property.ts';
import { requiredOf } from './json-schema-required.ts';
import { isExact, limitOf } from './json-schema-sizes.ts';
import { onlyText } from './json-schema-types.ts';

/** Whether it is proven that no value of a type matches all atoms. */
export function isEmptyForType(
  type: string,
  atoms: readonly SchemaAt[],
  types: ReadonlySet<string>,
  comparison: Comparison,
): boolean {
  switch (type) {
    case 'number':
    case 'integer':
      return hasNoNumber(atoms, !types.has('number'));
    case 'string':
      return hasNoString(atoms, comparison);
    case 'array':
      return hasNoArray(atoms, comparison);
    case 'object':
      return hasNoObject(atoms, comparison);
    default:
      return false;
  }
}

function hasNoNumber(atoms: readonly SchemaAt[], isInteger: boolean): boolean {
  const low = tightest('minimum', atoms, isInteger);
  const high = tightest('maximum', atoms, isInteger);
  if (!low || !high) return false;
  if (isVoid(low, high, isInteger)) return true;
  // With one possible number, the number must be a multiple.
  const isOne = !(low.limit < high.limit) && !low.exclusive && !high.exclusive;
  return (
    isOne &&
    atoms.some((at) => {
      const { multipleOf } = keywordsOf(at);
      // The value 0 is described as a multiple of 0.
      return isExact(multipleOf) && Number(multipleOf) !== 0 && !isMultiple(low.limit, multipleOf);
    })
  );
}

function hasNoString(atoms: readonly SchemaAt[], { matches }: Comparison): boolean {
  const least = limitOf(atoms, 'minLength') ?? 0;
  const most = limitOf(atoms, 'maxLength') ?? Number.POSITIVE_INFINITY;
  if (least > most) return true;
  const text = onlyText(atoms);
  return (
    text !== undefined &&
    atoms.some((at) => {
      const { pattern } = keywordsOf(at);
      return typeof pattern === 'string' && !matches(pattern, text);
    })
  );
}

function hasNoArray(atoms: readonly SchemaAt[], comparison: Comparison): boolean {
  const { isEmpty } = comparison;
  const least = Math.max(limitOf(atoms, 'minItems') ?? 0, ...atoms.map((at) => countsOf(at)[0]));
  const longest = longestArray(atoms, comparison) ?? Number.POSITIVE_INFINITY;
  const most = Math.min(limitOf(atoms, 'maxItems') ?? Number.POSITIVE_INFINITY, longest);
  if (least > most) return true;
  const length = tupleLengthOf(atoms, comparison);
  for (let index = 0; index < least && index <= length; index += 1) {
    if (isEmpty(itemsAt(atoms, index, comparison))) return true;
  }
  return atoms.some((at) => {
    const [needed] = countsOf(at);
    if (needed < 1) return false;
    const contains = childOf(at, 'contains');
    for (let index = 0; index <= length && index < most; index += 1) {
      if (!isEmpty([contains, ...itemsAt(atoms, index, comparison)])) return false;
    }
    return true;
  });
}

function hasNoObject(atoms: readonly SchemaAt[], comparison: Comparison): boolean {
  const required = requiredOf(atoms);
  const most = limitOf(atoms, 'maxProperties') ?? Number.POSITIVE_INFINITY;
  const names = closedNames(atoms, comparison)?.length ?? Number.POSITIVE_INFINITY;
  const least = Math.max(limitOf(atoms, 'minProperties') ?? 0, required.size);
  if (least > Math.min(most, names)) return true;
  return [...required].some((name) => {
    const given = schemasFor(atoms, name, comparison);
    return cannotHave(atoms, name, given, comparison) || comparison.isEmpty(given);
  });
}
