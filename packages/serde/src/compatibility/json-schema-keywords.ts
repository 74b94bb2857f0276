import { equalityKey } from '../json-schema/exact-values.ts';
import { allowedTypes, type Found, fault, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { findConditionFaults } from './json-schema-conditions.ts';
import { findContainsFaults } from './json-schema-contains.ts';
import { findItemFaults } from './json-schema-items.ts';
import { findLimitFaults } from './json-schema-limits.ts';
import { findObjectFaults } from './json-schema-properties.ts';
import { excludes, listOf, typesOf, valuesOf } from './json-schema-types.ts';
import {
  findUnevaluatedItemFaults,
  findUnevaluatedPropertyFaults,
} from './json-schema-unevaluated.ts';
import { findUnionFaults } from './json-schema-unions.ts';

/** Compares each keyword of the reader with the schemas that a value of the writer matches. */
export function findKeywordFaults(
  reader: SchemaAt,
  atoms: readonly SchemaAt[],
  place: SchemaAt,
  comparison: Comparison,
): Found {
  const types = typesOf(atoms);
  // The place of the writer is that of the first atom.
  const given = atoms.length > 0 ? atoms : [{ ...place, schema: true }];
  const found = [
    ...findTypeFaults(reader, given, types),
    ...findValueFaults(reader, given),
    ...findLimitFaults(reader, given, types, comparison),
    ...findConditionFaults(reader, given, types, comparison),
  ];
  if (types.has('object')) {
    found.push(
      ...findObjectFaults(reader, given, comparison),
      ...findUnevaluatedPropertyFaults(reader, given, comparison),
    );
  }
  if (types.has('array')) {
    found.push(
      ...findContainsFaults(reader, given, comparison),
      ...findItemFaults(reader, given, comparison),
      ...findUnevaluatedItemFaults(reader, given, comparison),
    );
  }
  found.push(...findUnionFaults(reader, given, comparison));
  return found;
}

function findTypeFaults(
  reader: SchemaAt,
  [place = reader]: readonly SchemaAt[],
  types: ReadonlySet<string>,
): Found {
  const allowed = allowedTypes(keywordsOf(reader));
  const missing = [...types].filter(
    (type) =>
      !allowed.has(type) && !(type === 'integer' && (allowed.has('number') || types.has('number'))),
  );
  if (missing.length === 0) return [];
  return [fault('TYPE_NARROWED', reader, place, `${missing.join(', ')} no longer allowed`, 'type')];
}

function findValueFaults(reader: SchemaAt, atoms: readonly SchemaAt[]): Found {
  const wanted = keywordsOf(reader);
  const [place = reader] = atoms;
  if (!listOf(wanted)) return [];
  const given = valuesOf(atoms);
  const keyword = 'const' in wanted ? 'const' : 'enum';
  if (!given) return [fault('ENUM_ADDED', reader, place, 'any value was allowed before', keyword)];
  const missing = given
    .map(({ enum: [value] }) => value)
    .filter((value) => excludes(wanted, value));
  if (missing.length === 0) return [];
  const message = `${missing.map(equalityKey).join(', ')} no longer allowed`;
  return [fault('ENUM_NARROWED', reader, place, message, keyword)];
}
