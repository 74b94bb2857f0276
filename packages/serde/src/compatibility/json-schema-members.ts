import { type Found, fault, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf, wholes } from './json-schema-atoms.ts';
import { closedNames } from './json-schema-closed.ts';
import type { Comparison } from './json-schema-comparison.ts';
import {
  appliedIn,
  evaluatesEveryProperty,
  evaluatesProperty,
  isDynamic,
  mayEvaluate,
} from './json-schema-evaluated.ts';
import { matches } from './json-schema-patterns.ts';
import { entriesOf, mapOf, requiredOf } from './json-schema-required.ts';
import { schemaOfValue } from './json-schema-value.ts';

/** Compares required properties, every property that either schema declares, and all others. */
export function findObjectFaults(
  reader: SchemaAt,
  atoms: readonly SchemaAt[],
  comparison: Comparison,
): Found {
  const wanted = keywordsOf(reader);
  const { compareInside } = comparison;
  const [writer = reader] = atoms;
  const found: Found = [];

  const before = requiredOf(atoms);
  for (const name of Array.isArray(wanted.required) ? wanted.required : []) {
    if (before.has(name)) continue;
    found.push(fault('REQUIRED_PROPERTY_ADDED', reader, writer, name, 'required'));
  }
  if (!['properties', 'patternProperties', 'additionalProperties'].some((key) => key in wanted)) {
    return found;
  }

  const own = mapOf(wanted.properties);
  const others = new Set(atoms.flatMap((at) => Object.keys(mapOf(keywordsOf(at).properties))));
  for (const name of new Set([...Object.keys(own), ...namesIn(atoms, comparison)])) {
    const given = schemasFor(atoms, name, comparison);
    if (cannotHave(atoms, name, given, comparison)) continue;
    for (const part of ownSchemasFor(reader, name)) {
      const faults = compareInside(part, given);
      if (faults.length > 0) found.push(...explain(name, part, given, faults));
    }
  }
  // Every other property has one of the names above.
  if (closedNames(atoms, comparison)) return found;

  const patterns = new Set(Object.keys(mapOf(wanted.patternProperties)));
  for (const pattern of patterns) {
    const part = childOf(reader, 'patternProperties', pattern);
    for (const given of schemasForOthers(atoms, comparison, pattern)) {
      found.push(...compareInside(part, given));
    }
  }
  if (wanted.additionalProperties === undefined) return found;
  for (const given of schemasForOthers(atoms, comparison, undefined, patterns)) {
    const rest = compareInside(childOf(reader, 'additionalProperties'), given);
    const isOpen = given.every(({ path }) => path.at(-2) !== 'patternProperties');
    if (rest.length > 0 && wanted.additionalProperties === false && isOpen) {
      const message = 'other properties are no longer allowed';
      found.push(
        fault('ADDITIONAL_PROPERTIES_CLOSED', reader, writer, message, 'additionalProperties'),
      );
    } else found.push(...rest);
  }
  return found;

  function explain(name: string, part: SchemaAt, given: readonly SchemaAt[], faults: Found): Found {
    if (Object.hasOwn(own, name) && !others.has(name)) {
      const message = `${name}: the schema without it is open and allows any value for it`;
      return [fault('PROPERTY_ADDED_TO_OPEN_SCHEMA', part, writer, message)];
    }
    if (!Object.hasOwn(own, name) && part.schema === false) {
      const [from = writer] = given;
      const message = `${name}: other properties are not allowed`;
      return [fault('PROPERTY_DROPPED_FROM_CLOSED_SCHEMA', reader, from, message)];
    }
    return faults;
  }
}

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
    if (!whole) return ownSchemasFor(at, name);
    if (keywordsOf(at).unevaluatedProperties === undefined) return [];
    const isOther = !mayEvaluate(whole, evaluatesProperty(name), atoms, comparison);
    return isOther ? [childOf(at, 'unevaluatedProperties')] : [];
  });
}

function ownSchemasFor(parent: SchemaAt, name: string): SchemaAt[] {
  const { properties, patternProperties, additionalProperties } = keywordsOf(parent);
  const parts: SchemaAt[] = [];
  if (Object.hasOwn(mapOf(properties), name)) parts.push(childOf(parent, 'properties', name));
  for (const [pattern] of entriesOf(patternProperties)) {
    if (matches(pattern, name)) parts.push(childOf(parent, 'patternProperties', pattern));
  }
  if (parts.length > 0) return parts;
  if (additionalProperties !== undefined) return [childOf(parent, 'additionalProperties')];
  return [{ ...parent, schema: true, path: [...parent.path, 'additionalProperties'] }];
}

const maxChoices = 100;

/**
 * The schemas that a property must match whose name no schema declares: one list for each choice of patterns
 * that such a name can match.
 *
 * @param pattern one that the name matches
 * @param unmatched patterns that the name does not match
 */
export function schemasForOthers(
  atoms: readonly SchemaAt[],
  comparison: Comparison,
  pattern?: string,
  unmatched: ReadonlySet<string> = new Set(),
): readonly (readonly SchemaAt[])[] {
  let choices: SchemaAt[][] = [[]];
  for (const at of atoms) {
    const own = ownChoices(at);
    // With too many choices, the schema is left out, which allows more values.
    if (own.length === 0 || choices.length * own.length > maxChoices) continue;
    choices = choices.flatMap((chosen) => own.map((one) => [...chosen, one]));
  }
  const [place] = atoms;
  return choices.map((chosen) =>
    chosen.length > 0 || !place ? chosen : [{ ...place, schema: true }],
  );

  function ownChoices(at: SchemaAt): SchemaAt[] {
    const whole = wholes.get(at.schema as object);
    if (whole) return evaluatesOthers(whole) ? [] : [childOf(at, 'unevaluatedProperties')];
    const { patternProperties, additionalProperties } = keywordsOf(at);
    const patterns = Object.keys(mapOf(patternProperties));
    if (pattern !== undefined && patterns.includes(pattern)) {
      return [childOf(at, 'patternProperties', pattern)];
    }
    const matching = patterns
      .filter((own) => !unmatched.has(own))
      .map((own) => childOf(at, 'patternProperties', own));
    const rest =
      additionalProperties === undefined
        ? { ...at, schema: true, path: [...at.path, 'additionalProperties'] }
        : childOf(at, 'additionalProperties');
    return [...matching, rest];
  }

  /** Whether other keywords than `unevaluatedProperties` may apply to a property of such a name. */
  function evaluatesOthers(whole: SchemaAt): boolean {
    if (keywordsOf(whole).unevaluatedProperties === undefined) return true;
    return appliedIn(whole, comparison).some((part, index) => {
      const patterns = Object.keys(mapOf(keywordsOf(part).patternProperties));
      return (
        isDynamic(part) ||
        evaluatesEveryProperty(part, index > 0) ||
        patterns.some((own) => !unmatched.has(own))
      );
    });
  }
}
