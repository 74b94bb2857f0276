import { equalityKey } from '../json-schema/exact-values.ts';
import { allowedTypes, type Keywords, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { type Described, schemaOfValue, typeOf } from './json-schema-value.ts';

/** The types of the values that match all parts. `number` comes with `integer`. */
export function typesOf(parts: readonly SchemaAt[]): ReadonlySet<string> {
  const types = new Set(allowedTypes(true));
  for (const at of parts) {
    const own = ownTypes(keywordsOf(at));
    if (!own) continue;
    for (const type of types) if (!own.has(type)) types.delete(type);
  }
  return types;
}

const typesOfSchemas = new WeakMap<Keywords, ReadonlySet<string> | undefined>();

// Cached, because a list is read for each value of the other schema's list.
function ownTypes(schema: Keywords): ReadonlySet<string> | undefined {
  if (!typesOfSchemas.has(schema)) typesOfSchemas.set(schema, readTypes(schema));
  return typesOfSchemas.get(schema);
}

function readTypes(schema: Keywords): ReadonlySet<string> | undefined {
  const values = listOf(schema);
  if (schema.type === undefined && !values) return undefined;
  const types = new Set(allowedTypes(schema));
  if (types.has('number')) types.add('integer');
  if (!values) return types;
  const listed = new Set(values.map(typeOf));
  return new Set([...types].filter((type) => listed.has(type)));
}

const lists = new WeakMap<object, readonly unknown[]>();

/** The values that `enum` and `const` allow; undefined without these keywords. */
export function listOf(schema: Keywords): readonly unknown[] | undefined {
  if (!('const' in schema)) return Array.isArray(schema.enum) ? schema.enum : undefined;
  const known = lists.get(schema);
  if (known) return known;
  const isListed = (value: unknown) => equalityKey(value) === equalityKey(schema.const);
  const values = [schema.const].filter(
    () => !Array.isArray(schema.enum) || schema.enum.some(isListed),
  );
  lists.set(schema, values);
  return values;
}

const keys = new WeakMap<readonly unknown[], ReadonlySet<string>>();

// Cached, because a list is compared with each value of the writer's list.
function keysOf(values: readonly unknown[]): ReadonlySet<string> {
  const known = keys.get(values) ?? new Set(values.map(equalityKey));
  keys.set(values, known);
  return known;
}

/** Whether the schema lists its values and this is not one of them. */
export function excludes(schema: Keywords, value: unknown): boolean {
  const values = listOf(schema);
  return values !== undefined && !keysOf(values).has(equalityKey(value));
}

// The types with few values.
const valuesByType: Record<string, readonly unknown[]> = { null: [null], boolean: [true, false] };

const described = new WeakMap<readonly unknown[], readonly Described[]>();

/** The values that match all parts, each as a schema; undefined if they are not listed. */
export function valuesOf(parts: readonly SchemaAt[]): readonly Described[] | undefined {
  const lists = parts.map((at) => listOf(keywordsOf(at))).filter((list) => list !== undefined);
  const [shortest] = lists.sort((one, other) => one.length - other.length);
  if (!shortest) return valuesOfTypes(typesOf(parts));
  return describe(shortest).filter(({ enum: [value] }) =>
    parts.every((at) => !excludes(keywordsOf(at), value)),
  );
}

/** The string that matches all parts, if it is the only one. */
export function onlyText(parts: readonly SchemaAt[]): string | undefined {
  for (const at of parts) {
    const [text, ...others] = listOf(keywordsOf(at)) ?? [];
    if (typeof text === 'string' && others.length === 0) return text;
  }
  return undefined;
}

function describe(values: readonly unknown[]): readonly Described[] {
  const known = described.get(values);
  if (known) return known;
  const made = values.map((value) => schemaOfValue(value));
  described.set(values, made);
  // The list of a description stands for the same description.
  for (const one of made) described.set(one.enum, [one]);
  return made;
}

function valuesOfTypes(types: ReadonlySet<string>): readonly Described[] | undefined {
  const lists = [...types].map((type) => valuesByType[type]);
  if (lists.some((list) => !list)) return undefined;
  return lists.flatMap((list) => describe(list ?? []));
}
