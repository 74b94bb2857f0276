import { type Found, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf, wholes } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { tupleLengthIn } from './json-schema-evaluated.ts';
import { mayEvaluateItem } from './json-schema-may-evaluate.ts';
import { limitOf } from './json-schema-sizes.ts';
import { itemAt, tupleOf } from './json-schema-tuple.ts';

/** Compares the items of the longer tuple one by one, then the rest. */
export function findItemFaults(
  reader: SchemaAt,
  atoms: readonly SchemaAt[],
  comparison: Comparison,
): Found {
  const found: Found = [];
  const { items, prefixItems, additionalItems } = keywordsOf(reader);
  if (items === undefined && prefixItems === undefined && additionalItems === undefined) return [];
  const count = Math.max(tupleOf(reader).length, tupleLengthOf(atoms, comparison));
  for (let index = 0; index <= count; index += 1) {
    const given = itemsAt(atoms, index, comparison);
    // The writer's array ends here.
    if (isPastEnd(atoms, given, index)) return found;
    found.push(...comparison.compareInside(itemAt(reader, index), given));
  }
  return found;
}

export function isPastEnd(
  atoms: readonly SchemaAt[],
  given: readonly SchemaAt[],
  index: number,
): boolean {
  const most = limitOf(atoms, 'maxItems');
  return (most !== undefined && most <= index) || given.some(({ schema }) => schema === false);
}

/** The number of items that may have a schema of their own. */
export function tupleLengthOf(atoms: readonly SchemaAt[], comparison: Comparison): number {
  return Math.max(
    0,
    ...atoms.map((at) => {
      const whole = wholes.get(at.schema as object);
      return whole ? tupleLengthIn(whole, comparison) : tupleOf(at).length;
    }),
  );
}

/** All schemas that an item at this index must match. */
export function itemsAt(
  atoms: readonly SchemaAt[],
  index: number,
  comparison: Comparison,
): SchemaAt[] {
  return atoms.flatMap((at) => {
    const { unevaluatedItems } = keywordsOf(at);
    if (unevaluatedItems === undefined) return [itemAt(at, index)];
    const whole = wholes.get(at.schema as object);
    if (!whole || mayEvaluateItem(whole, index, atoms, comparison)) return [];
    return [childOf(at, 'unevaluatedItems')];
  });
}
