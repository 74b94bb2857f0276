import {
  allowedTypes,
  annotations,
  type Keywords,
  keywordsOf,
  pathsOfParts,
  type SchemaAt,
} from './json-schema-at.ts';
import { schemaOfValue } from './json-schema-value.ts';

type Split = (at: SchemaAt) => readonly SchemaAt[] | undefined;

// Invariant: each part is created once, because pairs in progress are recognized by identity.
function once(
  make: (at: { schema: Keywords } & Omit<SchemaAt, 'schema'>) => SchemaAt[] | undefined,
): Split {
  const made = new WeakMap<object, readonly SchemaAt[] | undefined>();
  return (at) => {
    const { schema } = at;
    if (typeof schema !== 'object' || schema === null) return undefined;
    if (!made.has(schema)) made.set(schema, make({ ...at, schema: schema as Keywords }));
    return made.get(schema);
  };
}

/** The schema without its `oneOf`. */
export const withoutOneOf = once(({ schema: { oneOf: _branches, ...rest }, root, path }) => [
  { schema: rest, root, path },
]);

/** The branches of a `oneOf`, without the keywords beside it. */
export const oneOfBranches = once(({ schema: { oneOf }, root, path }) => {
  if (!Array.isArray(oneOf)) return undefined;
  return oneOf.map((schema, index) => ({ schema, root, path: [...path, 'oneOf', `${index}`] }));
});

/** Whether the schema has branches of an `anyOf`. */
export function isAnyOf(at: SchemaAt): boolean {
  return 'anyOf' in keywordsOf(at);
}

/** Each branch of an `anyOf` or `oneOf`, combined with the other keywords of the schema. */
export const branchesOf = once(({ schema, root, path }) => {
  const keyword = 'anyOf' in schema ? 'anyOf' : 'oneOf' in schema ? 'oneOf' : undefined;
  if (!keyword) return undefined;
  const { [keyword]: branches, ...rest } = schema;
  if (!Array.isArray(branches)) return undefined;
  const hasRest = Object.keys(rest).some((key) => !annotations.has(key));
  return branches.map((branch, index) => {
    const place = [...path, keyword, String(index)];
    if (!hasRest) return { schema: branch, root, path: place };
    const whole = { allOf: [rest, branch] };
    pathsOfParts.set(whole, [path, place]);
    return { schema: whole, root, path: place };
  });
});

/** Each part of an `allOf`, and the other keywords of the schema as one more part. */
export const partsOf = once(({ schema, root, path }) => {
  if (!('allOf' in schema)) return undefined;
  const { allOf, ...rest } = schema;
  if (!Array.isArray(allOf)) return undefined;
  const places = pathsOfParts.get(schema);
  const parts = allOf.map((part, index) => ({
    schema: part,
    root,
    path: places?.[index] ?? [...path, 'allOf', String(index)],
  }));
  const hasRest = Object.keys(rest).some((key) => !annotations.has(key));
  return hasRest ? [{ schema: rest, root, path }, ...parts] : parts;
});

/** A schema with several types or values as one schema for each. */
export const kindsOf = once(({ schema, root, path }) => {
  const { type, enum: values } = schema;
  if (Array.isArray(type) && type.length > 1) {
    return type.map((one) => ({ schema: { ...schema, type: one }, root, path }));
  }
  if (!Array.isArray(values) || values.length < 2) return undefined;
  return values.map((value) => ({ schema: { enum: [value] }, root, path }));
});

/** The listed values as schemas, without values that the schema's types exclude. */
export const valuesAsSchemas = once(({ schema, root, path }) => {
  const types = allowedTypes(schema);
  return valuesOf(schema)
    ?.map(schemaOfValue)
    .filter(({ type }) => types.has(type as string) || (type === 'integer' && types.has('number')))
    .map((described) => ({ schema: described, root, path }));
});

export function valuesOf(schema: Keywords): readonly unknown[] | undefined {
  if ('const' in schema) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}
