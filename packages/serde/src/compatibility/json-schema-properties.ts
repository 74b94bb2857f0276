import { type Found, fault, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf } from './json-schema-atoms.ts';
import { closedNames } from './json-schema-closed.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { schemasForOthers } from './json-schema-other-properties.ts';
import { cannotHave, namesIn, ownSchemasFor, schemasFor } from './json-schema-property.ts';
import { mapOf, requiredOf } from './json-schema-required.ts';

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
  // Without keywords for them, names that only the writer declares may have any value.
  const isOwnOnly =
    wanted.patternProperties === undefined && wanted.additionalProperties === undefined;
  const names = new Set([...Object.keys(own), ...(isOwnOnly ? [] : namesIn(atoms, comparison))]);
  comparison.countLookups(names.size * atoms.length);
  for (const name of names) {
    const given = schemasFor(atoms, name, comparison);
    if (cannotHave(atoms, name, given, comparison)) continue;
    for (const part of ownSchemasFor(reader, name, comparison)) {
      const faults = compareInside(part, given);
      if (faults.length > 0) found.push(...explain(name, part, given, faults));
    }
  }
  if (isOwnOnly) return found;
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
    const isOpen = given.every(({ path }) => path?.around?.key !== 'patternProperties');
    if (rest.length > 0 && wanted.additionalProperties === false && isOpen) {
      const message = 'other properties are no longer allowed';
      found.push(
        fault('ADDITIONAL_PROPERTIES_CLOSED', reader, writer, message, 'additionalProperties'),
      );
    } else found.push(...rest);
  }
  return found;

  function explain(name: string, part: SchemaAt, given: readonly SchemaAt[], faults: Found): Found {
    const isDeclared = atoms.some((at) => Object.hasOwn(mapOf(keywordsOf(at).properties), name));
    if (Object.hasOwn(own, name) && !isDeclared) {
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
