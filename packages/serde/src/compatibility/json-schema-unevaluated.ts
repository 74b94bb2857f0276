import { type Found, fault, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf, wholes } from './json-schema-atoms.ts';
import { closedNames } from './json-schema-closed.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { covers } from './json-schema-covers.ts';
import {
  appliedIn,
  evaluatesEveryProperty,
  evaluatesItem,
  evaluatesProperty,
  tupleLengthIn,
} from './json-schema-evaluated.ts';
import { isPastEnd, itemsAt, tupleLengthOf } from './json-schema-items.ts';
import { itemsOf, propertiesOf } from './json-schema-members.ts';
import { schemasForOthers } from './json-schema-other-properties.ts';
import { cannotHave, namesIn, schemasFor } from './json-schema-property.ts';
import { mapOf } from './json-schema-required.ts';
import { surelyEvaluates } from './json-schema-surely-evaluates.ts';

/** Compares each property that no other keyword of the reader is sure to apply to. */
export function findUnevaluatedPropertyFaults(
  reader: SchemaAt,
  atoms: readonly SchemaAt[],
  comparison: Comparison,
): Found {
  const { unevaluatedProperties } = keywordsOf(reader);
  if (unevaluatedProperties === undefined) return [];
  if (keepsUnevaluated('unevaluatedProperties', reader, atoms, comparison)) return [];
  const unevaluated = childOf(reader, 'unevaluatedProperties');
  const applied = appliedIn(reader, comparison);
  const [writer = reader] = atoms;
  const found: Found = [];
  const declared = applied.flatMap((at) => Object.keys(mapOf(keywordsOf(at).properties)));
  for (const name of new Set([...declared, ...namesIn(atoms, comparison)])) {
    if (surelyEvaluates(reader, evaluatesProperty(name, comparison), atoms, comparison)) continue;
    const given = schemasFor(atoms, name, comparison);
    if (cannotHave(atoms, name, given, comparison)) continue;
    const faults = comparison.compareInside(unevaluated, given);
    if (faults.length === 0) continue;
    const [from = writer] = given;
    const message = `${name}: other properties are not allowed`;
    if (unevaluatedProperties !== false) found.push(...faults);
    else found.push(fault('PROPERTY_DROPPED_FROM_CLOSED_SCHEMA', reader, from, message));
  }
  if (closedNames(atoms, comparison)) return found;
  if (surelyEvaluates(reader, evaluatesEveryProperty, atoms, comparison)) return found;
  const certain = applied
    .flatMap((at) => Object.keys(mapOf(keywordsOf(at).patternProperties)))
    .filter((pattern) => {
      const evaluates = (at: SchemaAt) =>
        Object.hasOwn(mapOf(keywordsOf(at).patternProperties), pattern);
      return surelyEvaluates(reader, evaluates, atoms, comparison);
    });
  for (const given of schemasForOthers(atoms, comparison, undefined, new Set(certain))) {
    const faults = comparison.compareInside(unevaluated, given);
    if (faults.length === 0) continue;
    if (unevaluatedProperties !== false) found.push(...faults);
    else {
      const message = 'other properties are no longer allowed';
      found.push(
        fault('ADDITIONAL_PROPERTIES_CLOSED', reader, writer, message, 'unevaluatedProperties'),
      );
    }
  }
  return found;
}

/** Compares each item that no other keyword of the reader is sure to apply to. */
export function findUnevaluatedItemFaults(
  reader: SchemaAt,
  atoms: readonly SchemaAt[],
  comparison: Comparison,
): Found {
  if (keywordsOf(reader).unevaluatedItems === undefined) return [];
  if (keepsUnevaluated('unevaluatedItems', reader, atoms, comparison)) return [];
  const unevaluated = childOf(reader, 'unevaluatedItems');
  const length = Math.max(tupleLengthIn(reader, comparison), tupleLengthOf(atoms, comparison));
  const found: Found = [];
  for (let index = 0; index <= length; index += 1) {
    const given = itemsAt(atoms, index, comparison);
    if (isPastEnd(atoms, given, index)) return found;
    if (surelyEvaluates(reader, evaluatesItem(index), atoms, comparison)) continue;
    found.push(...comparison.compareInside(unevaluated, given));
  }
  return found;
}

/** Whether the writer allows no other members, and applies no other keywords to more of them. */
function keepsUnevaluated(
  keyword: 'unevaluatedProperties' | 'unevaluatedItems',
  reader: SchemaAt,
  atoms: readonly SchemaAt[],
  comparison: Comparison,
): boolean {
  const members = keyword === 'unevaluatedItems' ? itemsOf : propertiesOf;
  return atoms.some((at) => {
    const whole = wholes.get(at.schema as object);
    if (!whole || !(keyword in keywordsOf(at))) return false;
    if (!covers(reader, whole, members, atoms, comparison)) return false;
    return comparison.compareInside(childOf(reader, keyword), [childOf(at, keyword)]).length === 0;
  });
}
