import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf, wholes } from './json-schema-atoms.ts';
import { closedNames } from './json-schema-closed.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { appliedIn, evaluatesProperty } from './json-schema-evaluated.ts';
import { mayEvaluate } from './json-schema-may-evaluate.ts';
import { mapOf, patternsIn } from './json-schema-required.ts';
import { schemaOfValue } from './json-schema-value.ts';
import { below } from './path.ts';

/** The names that schemas declare for properties. */
export function namesIn(atoms: readonly SchemaAt[], comparison: Comparison): readonly string[] {
  const names = atoms.flatMap((at) => {
    const whole = wholes.get(at.schema as object);
    const schemas = whole ? appliedIn(whole, comparison) : [at];
    return schemas.flatMap((one) => Object.keys(mapOf(keywordsOf(one).properties)));
  });
  return [...new Set([...names, ...(closedNames(atoms, comparison) ?? [])])];
}

/** Whether it is proven that no object has a property of this name. */
export function cannotHave(
  atoms: readonly SchemaAt[],
  name: string,
  given: readonly SchemaAt[],
  { isEmpty }: Comparison,
): boolean {
  if (given.some(({ schema }) => schema === false)) return true;
  return atoms.some((at) => {
    if (keywordsOf(at).propertyNames === undefined) return false;
    return isEmpty([childOf(at, 'propertyNames'), { ...at, schema: described(name) }]);
  });
}

const names = new Map<string, object>();

function described(name: string): object {
  const known = names.get(name) ?? schemaOfValue(name);
  // Bounded: the names are those of the definitions being compared.
  if (names.size > 10_000) names.clear();
  names.set(name, known);
  return known;
}

/** All schemas that a property of this name must match. */
export function schemasFor(
  atoms: readonly SchemaAt[],
  name: string,
  comparison: Comparison,
): SchemaAt[] {
  return atoms.flatMap((at) => {
    const whole = wholes.get(at.schema as object);
    if (!whole) return ownSchemasFor(at, name, comparison);
    if (keywordsOf(at).unevaluatedProperties === undefined) return [];
    const isOther = !mayEvaluate(whole, evaluatesProperty(name, comparison), atoms, comparison);
    return isOther ? [childOf(at, 'unevaluatedProperties')] : [];
  });
}

/** The schemas of one schema that a property of this name must match. */
export function ownSchemasFor(parent: SchemaAt, name: string, { matches }: Comparison): SchemaAt[] {
  const { properties, patternProperties, additionalProperties } = keywordsOf(parent);
  const parts: SchemaAt[] = [];
  if (Object.hasOwn(mapOf(properties), name)) parts.push(childOf(parent, 'properties', name));
  for (const pattern of patternsIn(patternProperties)) {
    if (matches(pattern, name)) parts.push(childOf(parent, 'patternProperties', pattern));
  }
  if (parts.length > 0) return parts;
  if (additionalProperties !== undefined) return [childOf(parent, 'additionalProperties')];
  return [{ ...parent, schema: true, path: below(parent.path, 'additionalProperties') }];
}
