import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { markEffective } from './json-schema-effective.ts';
import { isEmptyForType } from './json-schema-empty-types.ts';
import { splitByBranch, splitByCondition, splitByValue } from './json-schema-splits.ts';
import { typesOf, valuesOf } from './json-schema-types.ts';

/** Whether it is proven that no value matches all atoms. */
export function areContradictory(atoms: readonly SchemaAt[], comparison: Comparison): boolean {
  const types = typesOf(atoms);
  if ([...types].every((type) => isEmptyForType(type, atoms, types, comparison))) return true;
  if (valuesOf(atoms)?.length === 0) return true;
  if (atoms.some((at) => contradictsNot(at))) return true;
  const { isEmpty } = comparison;
  const values = splitByValue(atoms);
  if (values) return values.every(isEmpty);
  const branches = splitByBranch(atoms, comparison);
  if (branches) return branches.every(isEmpty);
  const conditions = splitByCondition(atoms);
  return conditions?.every(isEmpty) ?? false;

  function contradictsNot(at: SchemaAt): boolean {
    const { not, ...rest } = keywordsOf(at);
    if (not === undefined) return false;
    // The other keywords beside `not` are left out, which allows more values.
    const others = atoms.filter((other) => other !== at);
    const beside = Object.keys(rest).length > 0 ? [withoutNot(at)] : [];
    return comparison.compare(childOf(at, 'not'), [...others, ...beside]).length === 0;
  }
}

const rests = new WeakMap<object, object>();

function withoutNot(at: SchemaAt): SchemaAt {
  const { not: _not, ...others } = keywordsOf(at);
  const schema = rests.get(at.schema as object) ?? markEffective(others);
  rests.set(at.schema as object, schema);
  return { ...at, schema };
}
