import { isObject } from '../json-schema/each-schema.ts';
import {
  type Compare,
  type Found,
  fault,
  type Keywords,
  keywordsOf,
  type SchemaAt,
} from './json-schema-at.ts';
import { matches } from './json-schema-limits.ts';

export function requiredOf(at: SchemaAt): readonly string[] {
  const { required } = keywordsOf(at);
  return Array.isArray(required) ? required : [];
}

/** Compares required properties, every property that either schema declares, and all others. */
export function findObjectFaults(reader: SchemaAt, writer: SchemaAt, compare: Compare): Found {
  const wanted = keywordsOf(reader);
  const given = keywordsOf(writer);
  const found: Found = [];

  const before = new Set(requiredOf(writer));
  for (const name of requiredOf(reader)) {
    if (before.has(name)) continue;
    found.push(fault('REQUIRED_PROPERTY_ADDED', reader, writer, name, 'required'));
  }

  const own = mapOf(wanted.properties);
  const others = mapOf(given.properties);
  for (const name of new Set([...Object.keys(own), ...Object.keys(others)])) {
    const writerParts = schemasFor(writer, name);
    // A property that the writer cannot have is compatible.
    if (writerParts.some(({ schema }) => schema === false)) continue;
    for (const part of schemasFor(reader, name)) {
      const [first = []] = writerParts
        .map((given) => compare(part, given))
        .sort((left, right) => left.length - right.length);
      if (first.length === 0) continue;
      found.push(...explain(name, part, writerParts, first));
    }
  }

  for (const [pattern, schema] of Object.entries(mapOf(wanted.patternProperties))) {
    const part = at(reader, schema, 'patternProperties', pattern);
    const theirs = mapOf(given.patternProperties);
    const from = Object.hasOwn(theirs, pattern)
      ? at(writer, theirs[pattern], 'patternProperties', pattern)
      : additional(writer);
    found.push(...compare(part, from));
  }
  for (const [pattern, schema] of Object.entries(mapOf(given.patternProperties))) {
    if (Object.hasOwn(mapOf(wanted.patternProperties), pattern)) continue;
    found.push(...compare(additional(reader), at(writer, schema, 'patternProperties', pattern)));
  }
  const rest = compare(additional(reader), additional(writer));
  if (rest.length > 0 && wanted.additionalProperties === false) {
    const message = 'other properties are no longer allowed';
    found.push(
      fault('ADDITIONAL_PROPERTIES_CLOSED', reader, writer, message, 'additionalProperties'),
    );
  } else found.push(...rest);
  return found;

  function explain(
    name: string,
    part: SchemaAt,
    writerParts: readonly SchemaAt[],
    faults: Found,
  ): Found {
    if (Object.hasOwn(own, name) && !Object.hasOwn(others, name)) {
      const message = `${name}: the schema without it is open and allows any value for it`;
      return [fault('PROPERTY_ADDED_TO_OPEN_SCHEMA', part, writer, message)];
    }
    if (!Object.hasOwn(own, name) && part.schema === false) {
      const [from = writer] = writerParts;
      const message = `${name}: other properties are not allowed`;
      return [fault('PROPERTY_DROPPED_FROM_CLOSED_SCHEMA', reader, from, message)];
    }
    return faults;
  }
}

/** Compares the items of the longer tuple one by one, then the rest. */
export function findArrayFaults(reader: SchemaAt, writer: SchemaAt, compare: Compare): Found {
  const found: Found = [];
  const count = Math.max(tupleOf(reader).length, tupleOf(writer).length);
  for (let index = 0; index < count; index += 1) {
    const given = itemAt(writer, index);
    // The writer's tuple ends here.
    if (given.schema === false) return found;
    found.push(...compare(itemAt(reader, index), given));
  }
  return [...found, ...compare(itemAt(reader, count), itemAt(writer, count))];
}

function tupleOf(parent: SchemaAt): readonly unknown[] {
  const { prefixItems, items } = keywordsOf(parent);
  if (Array.isArray(prefixItems)) return prefixItems;
  return Array.isArray(items) ? items : [];
}

function itemAt(parent: SchemaAt, index: number): SchemaAt {
  const { prefixItems, items = true, additionalItems = true } = keywordsOf(parent);
  const tuple = tupleOf(parent);
  const keyword = Array.isArray(prefixItems) ? 'prefixItems' : 'items';
  if (index < tuple.length) return at(parent, tuple[index], keyword, `${index}`);
  if (Array.isArray(items)) return at(parent, additionalItems, 'additionalItems');
  return at(parent, items, 'items');
}

/** All schemas that a property of this name must match. */
export function schemasFor(parent: SchemaAt, name: string): SchemaAt[] {
  const { properties, patternProperties } = keywordsOf(parent);
  const parts: SchemaAt[] = [];
  const own = mapOf(properties);
  if (Object.hasOwn(own, name)) parts.push(at(parent, own[name], 'properties', name));
  for (const [pattern, schema] of Object.entries(mapOf(patternProperties))) {
    if (matches(pattern, name)) parts.push(at(parent, schema, 'patternProperties', pattern));
  }
  return parts.length > 0 ? parts : [additional(parent)];
}

function additional(parent: SchemaAt): SchemaAt {
  const { additionalProperties = true } = keywordsOf(parent);
  return at(parent, additionalProperties, 'additionalProperties');
}

function at({ root, path }: SchemaAt, schema: unknown, ...keys: string[]): SchemaAt {
  return { schema, root, path: [...path, ...keys] };
}

function mapOf(value: unknown): Keywords {
  return isObject(value) ? value : {};
}
