import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import {
  type Evaluates,
  evaluatesEveryProperty,
  evaluatesItem,
  evaluatesProperty,
} from './json-schema-evaluated.ts';
import { entriesOf, mapOf } from './json-schema-required.ts';
import { tupleOf } from './json-schema-tuple.ts';

/** For each group of members that keywords of a schema itself apply to, whether another schema applies to them. */
export type Members = (at: SchemaAt, isNested: boolean, on: Comparison) => readonly Evaluates[];

/** A property whose schema is `false` is in no value, so it counts for nothing. */
export const propertiesOf: Members = (at, isNested, on) => {
  const schema = keywordsOf(at);
  const { additionalProperties, unevaluatedProperties } = schema;
  const isOpen = allows(additionalProperties) || (isNested && allows(unevaluatedProperties));
  return [
    ...(isOpen ? [evaluatesEveryProperty] : []),
    ...namesOf(schema.properties).map((name) => evaluatesProperty(name, on)),
    ...namesOf(schema.patternProperties).map(evaluatesPattern),
  ];
};

/** An item whose schema is `false` is in no value, so it counts for nothing. */
export const itemsOf: Members = (at, isNested, { compareInside, draftOf }) => {
  const { items, additionalItems, unevaluatedItems, contains } = keywordsOf(at);
  const others = Array.isArray(items) ? additionalItems : items;
  const isOpen = allows(others) || (isNested && allows(unevaluatedItems));
  const tuple = tupleOf(at).flatMap((schema, index) => (allows(schema) ? [index] : []));
  return [
    ...(isOpen ? [evaluatesEveryItem] : []),
    ...tuple.map(evaluatesItem),
    ...(allows(contains) ? [evaluatesContained] : []),
  ];

  /** Only some drafts take what matches `contains` for evaluated. */
  function evaluatesContained(reader: SchemaAt, isNested: boolean): boolean {
    if (evaluatesEveryItem(reader, isNested)) return true;
    if (keywordsOf(reader).contains === undefined || draftOf(reader) !== draftOf(at)) return false;
    return compareInside(childOf(reader, 'contains'), [childOf(at, 'contains')]).length === 0;
  }
};

const evaluatesEveryItem = evaluatesItem(Number.POSITIVE_INFINITY);

function evaluatesPattern(pattern: string): Evaluates {
  return (at, isNested) =>
    evaluatesEveryProperty(at, isNested) ||
    Object.hasOwn(mapOf(keywordsOf(at).patternProperties), pattern);
}

function namesOf(map: unknown): string[] {
  return entriesOf(map).flatMap(([name, schema]) => (allows(schema) ? [name] : []));
}

function allows(schema: unknown): boolean {
  return schema !== undefined && schema !== false;
}
