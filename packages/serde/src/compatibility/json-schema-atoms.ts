import { isObject } from '../json-schema/each-schema.ts';
import { type Keywords, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { markEffective } from './json-schema-effective.ts';
import { requiredOf, schemaDependencies } from './json-schema-required.ts';
import { typesOf } from './json-schema-types.ts';
import { below } from './path.ts';

type Resolve = Pick<Comparison, 'resolve'>;

/** The schema whose other keywords say which members an `unevaluatedProperties` or `unevaluatedItems` is for. */
export const wholes = new WeakMap<object, SchemaAt>();

interface Pieces {
  /** The keywords beside `$ref`, `allOf` and `unevaluated…`. */
  rest?: Keywords;
  ref?: Keywords;
  unevaluated: Keywords[];
}

const pieces = new WeakMap<object, Pieces>();

/**
 * The schemas that a value must match together: without references and `allOf`, and with the schemas of
 * dependencies on properties that are required. Undefined if one of them is `false`.
 */
export function atomsOf(
  parts: readonly SchemaAt[],
  { resolve }: Resolve,
): readonly SchemaAt[] | undefined {
  const seen = new Set<unknown>();
  const atoms: SchemaAt[] = [];
  for (const part of parts) if (!add(part)) return undefined;
  // The list of atoms grows in the loop.
  for (let count = -1; count !== atoms.length; ) {
    count = atoms.length;
    if (!atoms.some(hasSchemaDependency) || !isOnlyObject(atoms)) break;
    const required = requiredOf(atoms);
    for (const atom of [...atoms]) {
      for (const [name, schema] of schemaDependencies(atom)) {
        if (required.has(name) && !add(schema)) return undefined;
      }
    }
  }
  return atoms;

  function add(part: SchemaAt): boolean {
    const at = resolve(part);
    const { schema } = at;
    if (typeof schema === 'boolean') return schema;
    if (seen.has(schema)) return true;
    seen.add(schema);
    const { rest, ref, unevaluated } = piecesOf(at);
    if (rest) atoms.push({ ...at, schema: rest });
    for (const own of unevaluated) atoms.push({ ...at, schema: own });
    if (ref && !add({ ...at, schema: ref })) return false;
    return allOfIn(at).every(add);
  }
}

/** The reference of a schema without the keywords beside it, if a schema has both. */
export function refIn(at: SchemaAt): SchemaAt | undefined {
  const { ref } = piecesOf(at);
  return ref && { ...at, schema: ref };
}

export function allOfIn(at: SchemaAt): SchemaAt[] {
  return schemasIn(at, 'allOf');
}

/** The schemas of a list under a keyword. */
export function schemasIn(at: SchemaAt, keyword: string): SchemaAt[] {
  const list = keywordsOf(at)[keyword];
  if (!Array.isArray(list)) return [];
  return list.map((_, index) => childOf(at, keyword, `${index}`));
}

/** The schema under a keyword, or under a key inside its value. */
export function childOf(at: SchemaAt, keyword: string, key?: string): SchemaAt {
  const value = keywordsOf(at)[keyword];
  if (key === undefined) return { ...at, schema: value, path: below(at.path, keyword) };
  return { ...at, schema: (value as Keywords)[key], path: below(at.path, keyword, key) };
}

function piecesOf(at: SchemaAt): Pieces {
  const { schema } = at;
  if (!isObject(schema)) return { unevaluated: [] };
  const known = pieces.get(schema) ?? split(at, schema);
  pieces.set(schema, known);
  return known;
}

function split(at: SchemaAt, schema: Keywords): Pieces {
  const { $ref, allOf, unevaluatedProperties, unevaluatedItems, ...others } = schema;
  const unevaluated: Keywords[] = [];
  for (const own of [{ unevaluatedProperties }, { unevaluatedItems }]) {
    if (Object.values(own)[0] === undefined) continue;
    const isAlone = Object.keys(schema).length === 1;
    const part = isAlone ? schema : markEffective(own);
    if (!wholes.has(part)) wholes.set(part, at);
    unevaluated.push(part);
  }
  const isPlain = unevaluated.length === 0 && allOf === undefined && $ref === undefined;
  const rest = isPlain
    ? schema
    : Object.keys(others).length > 0
      ? markEffective(others)
      : undefined;
  const found: Pieces = {
    unevaluated,
    ...(rest && { rest }),
    ...($ref !== undefined && { ref: { $ref } }),
  };
  if (rest) pieces.set(rest, { rest, unevaluated: [] });
  for (const part of unevaluated) pieces.set(part, { unevaluated: [part] });
  return found;
}

function hasSchemaDependency(at: SchemaAt): boolean {
  return schemaDependencies(at).length > 0;
}

function isOnlyObject(atoms: readonly SchemaAt[]): boolean {
  const types = typesOf(atoms);
  return types.size === 1 && types.has('object');
}
