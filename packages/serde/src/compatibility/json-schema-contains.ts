import { type Found, fault, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { isPastEnd, itemsAt, tupleLengthOf } from './json-schema-items.ts';
import { limitOf } from './json-schema-sizes.ts';

/** Whether an array that matches all parts has items of a `contains`, as many as the reader requires. */
export function findContainsFaults(
  reader: SchemaAt,
  atoms: readonly SchemaAt[],
  comparison: Comparison,
): Found {
  const wanted = keywordsOf(reader);
  if (wanted.contains === undefined) return [];
  const contains = childOf(reader, 'contains');
  const found: Found = [];
  const [least, most] = countsOf(reader);
  const [place = reader] = atoms;
  if (!(hasAtLeast() || least === 0)) add('minContains' in wanted ? 'minContains' : 'contains');
  if (most !== undefined && !hasAtMost(most)) add('maxContains');
  return found;

  function add(keyword: string): void {
    found.push(fault('CONDITION_CHANGED', reader, place, `${keyword} differs`, keyword));
  }

  function hasAtLeast(): boolean {
    const rest = everyItem();
    const byContains = atoms.some((at) => {
      if (keywordsOf(at).contains === undefined || countsOf(at)[0] < least) return false;
      return comparison.compareInside(contains, [childOf(at, 'contains'), ...rest]).length === 0;
    });
    if (byContains) return true;
    let count = 0;
    const known = limitOf(atoms, 'minItems') ?? 0;
    const end = Math.min(known, tupleLengthOf(atoms, comparison) + 1);
    for (let index = 0; index < end; index += 1) {
      const given = itemsAt(atoms, index, comparison);
      if (comparison.compareInside(contains, given).length > 0) continue;
      // The items after the tuple have one schema.
      count += index === tupleLengthOf(atoms, comparison) ? known - index : 1;
    }
    return count >= least;
  }

  function hasAtMost(limit: number | bigint): boolean {
    const longest = limitOf(atoms, 'maxItems');
    if (longest !== undefined && longest <= limit) return true;
    const byContains = atoms.some((at) => {
      const [, own] = countsOf(at);
      if (own === undefined || own > limit) return false;
      const { compareInside } = comparison;
      return compareInside(childOf(at, 'contains'), [contains, ...everyItem()]).length === 0;
    });
    if (byContains) return true;
    let count = 0;
    for (let index = 0; index <= tupleLengthOf(atoms, comparison); index += 1) {
      const given = itemsAt(atoms, index, comparison);
      if (isPastEnd(atoms, given, index)) return count <= limit;
      if (comparison.isEmpty([contains, ...given])) continue;
      if (index === tupleLengthOf(atoms, comparison)) return false;
      count += 1;
    }
    return count <= limit;
  }

  /** The schemas of each item, if they do not depend on its index. */
  function everyItem(): SchemaAt[] {
    return tupleLengthOf(atoms, comparison) === 0 ? itemsAt(atoms, 0, comparison) : [];
  }
}

/** How many items match `contains`, at least and at most. */
export function countsOf(at: SchemaAt): [number, number | undefined] {
  const { contains, minContains, maxContains } = keywordsOf(at);
  if (contains === undefined) return [0, undefined];
  return [
    typeof minContains === 'number' ? minContains : 1,
    typeof maxContains === 'number' ? maxContains : undefined,
  ];
}
