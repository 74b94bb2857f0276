import { isObject, type Keywords } from '../json-schema/each-schema.ts';
import { equalityKey } from '../json-schema/exact-values.ts';
import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf, schemasIn } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { flatBranches } from './json-schema-flat-union.ts';
import { requiredOf } from './json-schema-required.ts';
import { listOf, typesOf } from './json-schema-types.ts';

type Resolve = Pick<Comparison, 'draftOf' | 'resolve'>;

/** Which branches of a union allow a value, by the value. */
interface Index {
  readonly byValue: ReadonlyMap<string, readonly number[]>;
  /** The branches that do not list the values that they allow. */
  readonly others: readonly number[];
}

interface Union {
  readonly branches: readonly SchemaAt[];
  readonly values: Index;
  /** For the values of the property that most branches list. */
  readonly property: { readonly name: string; readonly index: Index } | undefined;
}

const unions = new WeakMap<Resolve, WeakMap<object, Union>>();

/** The branches of a union. */
export function branchesOf(
  reader: SchemaAt,
  keyword: 'anyOf' | 'oneOf',
  comparison: Resolve,
): readonly SchemaAt[] {
  return unionOf(reader, keyword, comparison).branches;
}

/**
 * The branches of a union that some value of the atoms may match. The others list the values that they allow, or those of a
 * property, and the atoms allow one value only, which is not among them.
 */
export function possibleBranches(
  reader: SchemaAt,
  keyword: 'anyOf' | 'oneOf',
  atoms: readonly SchemaAt[],
  comparison: Resolve,
): readonly SchemaAt[] {
  const { branches, values, property } = unionOf(reader, keyword, comparison);
  const value = onlyScalar(atoms);
  if (value !== undefined) return select(branches, values, value);
  if (!property) return branches;
  const types = typesOf(atoms);
  if (types.size !== 1 || !types.has('object') || !requiredOf(atoms).has(property.name)) {
    return branches;
  }
  const given = atoms.flatMap((at) => propertyOf(at, property.name, comparison) ?? []);
  const only = onlyScalar(given);
  return only === undefined ? branches : select(branches, property.index, only);
}

function select(branches: readonly SchemaAt[], { byValue, others }: Index, value: unknown) {
  const listed = byValue.get(equalityKey(value)) ?? [];
  const found = [...listed, ...others].sort((one, other) => one - other);
  return found.map((index) => branches[index] as SchemaAt);
}

/** The value of a schema that allows one value, which is neither an object nor an array. */
function onlyScalar(atoms: readonly SchemaAt[]): unknown {
  for (const at of atoms) {
    const list = listOf(keywordsOf(at));
    if (list?.length === 1 && (list[0] === null || typeof list[0] !== 'object')) return list[0];
  }
  return undefined;
}

function unionOf(reader: SchemaAt, keyword: 'anyOf' | 'oneOf', comparison: Resolve): Union {
  const known = unions.get(comparison) ?? new WeakMap<object, Union>();
  unions.set(comparison, known);
  const list = keywordsOf(reader)[keyword] as object;
  const union = known.get(list) ?? read(listIn(reader, keyword, comparison), comparison);
  known.set(list, union);
  return union;
}

function listIn(at: SchemaAt, keyword: 'anyOf' | 'oneOf', comparison: Resolve): SchemaAt[] {
  return keyword === 'anyOf' ? flatBranches(at, comparison) : schemasIn(at, keyword);
}

function read(branches: readonly SchemaAt[], comparison: Resolve): Union {
  const resolved = branches.map((branch) => comparison.resolve(branch));
  const listed = new Map<string, number>();
  for (const branch of resolved) {
    for (const name of Object.keys(propertiesOf(branch))) {
      const own = propertyOf(branch, name, comparison);
      if (own && listOf(keywordsOf(own))) listed.set(name, (listed.get(name) ?? 0) + 1);
    }
  }
  const most = Math.max(...listed.values());
  const name = [...listed].find(([, count]) => count === most)?.[0];
  const lists = name === undefined ? [] : resolved.map((at) => propertyOf(at, name, comparison));
  return {
    branches,
    values: indexOf(resolved),
    property: name === undefined ? undefined : { name, index: indexOf(lists) },
  };
}

function indexOf(schemas: readonly (SchemaAt | undefined)[]): Index {
  const byValue = new Map<string, number[]>();
  const others: number[] = [];
  for (const [index, at] of schemas.entries()) {
    const list = at && listOf(keywordsOf(at));
    if (!list) others.push(index);
    for (const key of new Set(list?.map(equalityKey))) {
      const known = byValue.get(key) ?? [];
      known.push(index);
      byValue.set(key, known);
    }
  }
  return { byValue, others };
}

function propertiesOf(at: SchemaAt): Keywords {
  const { properties } = keywordsOf(at);
  return isObject(properties) ? properties : {};
}

function propertyOf(at: SchemaAt, name: string, { resolve }: Resolve): SchemaAt | undefined {
  return Object.hasOwn(propertiesOf(at), name)
    ? resolve(childOf(at, 'properties', name))
    : undefined;
}
