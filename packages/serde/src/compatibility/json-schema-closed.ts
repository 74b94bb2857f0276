import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf, wholes } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { appliedIn, evaluatesEveryProperty, isDynamic } from './json-schema-evaluated.ts';
import { itemsAt, tupleLengthOf } from './json-schema-items.ts';
import { mapOf } from './json-schema-required.ts';
import { valuesOf } from './json-schema-types.ts';

/** All names that the properties of an object can have; undefined if they are not limited. */
export function closedNames(
  atoms: readonly SchemaAt[],
  comparison: Comparison,
): readonly string[] | undefined {
  const lists = atoms.map((at) => namesOf(at, comparison)).filter((names) => names !== undefined);
  const [first] = lists.sort((one, other) => one.length - other.length);
  return first?.filter((name) => lists.every((names) => names.includes(name)));
}

function namesOf(at: SchemaAt, comparison: Comparison): readonly string[] | undefined {
  const { additionalProperties, unevaluatedProperties, propertyNames } = keywordsOf(at);
  if (propertyNames !== undefined) {
    if (propertyNames === false) return [];
    const values = valuesOf([comparison.resolve(childOf(at, 'propertyNames'))]);
    if (values)
      return values.map(({ enum: [name] }) => name).filter((name) => typeof name === 'string');
  }
  if (additionalProperties === false) return declaredIn([at]);
  if (unevaluatedProperties !== false) return undefined;
  const whole = wholes.get(at.schema as object);
  const applied = whole && appliedIn(whole, comparison);
  if (!applied || applied.some(isDynamic)) return undefined;
  const [own, ...nested] = applied;
  const isOpen =
    (own && evaluatesEveryProperty(own, false)) ||
    nested.some((part) => evaluatesEveryProperty(part, true));
  return isOpen ? undefined : declaredIn(applied);
}

/** The names under `properties`; undefined if a pattern allows more. */
function declaredIn(schemas: readonly SchemaAt[]): readonly string[] | undefined {
  const keywords = schemas.map(keywordsOf);
  if (keywords.some(({ patternProperties }) => Object.keys(mapOf(patternProperties)).length > 0)) {
    return undefined;
  }
  return [...new Set(keywords.flatMap(({ properties }) => Object.keys(mapOf(properties))))];
}

/** The length of the longest array that the schemas of its items allow, if they limit it. */
export function longestArray(
  atoms: readonly SchemaAt[],
  comparison: Comparison,
): number | undefined {
  const length = tupleLengthOf(atoms, comparison);
  for (let index = 0; index <= length; index += 1) {
    if (itemsAt(atoms, index, comparison).some(({ schema }) => schema === false)) return index;
  }
  return undefined;
}
