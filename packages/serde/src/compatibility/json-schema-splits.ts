import { isObject } from '../json-schema/each-schema.ts';
import { type Keywords, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf, schemasIn } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { negated } from './json-schema-conditions.ts';
import { markEffective } from './json-schema-effective.ts';
import { flatBranches } from './json-schema-flat-union.ts';
import { listOf, typesOf, valuesOf } from './json-schema-types.ts';

/** Lists of schemas: a value that matches all atoms matches all schemas of one list. */
export type Split = readonly (readonly SchemaAt[])[];

const maxNegations = 8;

/** One list for each value, if the values are listed. */
export function splitByValue(atoms: readonly SchemaAt[]): Split | undefined {
  const values = valuesOf(atoms);
  const [place] = atoms;
  if (!values || !place) return undefined;
  const isDescribed = atoms.some(({ schema }) => values.length === 1 && schema === values[0]);
  if (isDescribed) return undefined;
  return values.map((value) => [{ ...place, schema: value }, ...atoms]);
}

/** One list for each branch of the first `anyOf` or `oneOf`. */
export function splitByBranch(
  atoms: readonly SchemaAt[],
  comparison: Pick<Comparison, 'draftOf' | 'resolve'>,
): Split | undefined {
  for (const [index, at] of atoms.entries()) {
    const { anyOf, oneOf } = keywordsOf(at);
    if (!Array.isArray(anyOf) && !Array.isArray(oneOf)) continue;
    const keyword = Array.isArray(anyOf) ? 'anyOf' : 'oneOf';
    const branches = keyword === 'anyOf' ? flatBranches(at, comparison) : schemasIn(at, keyword);
    const rest = without(at, [keyword]);
    return branches.map((branch) => {
      const excludes = keyword === 'oneOf' && branches.length <= maxNegations;
      const excluded = excludes ? branches.filter((other) => other !== branch) : [];
      return [
        ...atoms.slice(0, index),
        ...rest,
        branch,
        ...atoms.slice(index + 1),
        ...excluded.map(negated),
      ];
    });
  }
  return undefined;
}

/** How many lists `splitByBranch` makes, or `splitByValue` for values that a schema lists; 1 without either. */
export function splitSize(atoms: readonly SchemaAt[]): number {
  for (const at of atoms) {
    const { anyOf, oneOf } = keywordsOf(at);
    const branches = Array.isArray(anyOf) ? anyOf : oneOf;
    if (Array.isArray(branches)) return branches.length;
  }
  const lists = atoms.flatMap((at) => listOf(keywordsOf(at))?.length ?? []);
  return lists.length === 0 ? 1 : Math.min(...lists);
}

/** One list for values that match the first `if`, and one for the others. */
export function splitByCondition(atoms: readonly SchemaAt[]): Split | undefined {
  for (const [index, at] of atoms.entries()) {
    const schema = keywordsOf(at);
    if (schema.if === undefined) continue;
    const others = [...atoms.slice(0, index), ...without(at, ['if', 'then', 'else'])];
    const after = atoms.slice(index + 1);
    const condition = childOf(at, 'if');
    const part = (keyword: string) => (schema[keyword] === undefined ? [] : [childOf(at, keyword)]);
    return [
      [...others, condition, ...part('then'), ...after],
      [...others, negated(condition), ...part('else'), ...after],
    ];
  }
  return undefined;
}

const types: Record<string, Keywords> = Object.fromEntries(
  ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'].map((type) => [
    type,
    markEffective({ type }),
  ]),
);

/** One list for each type. */
export function splitByType(atoms: readonly SchemaAt[], place: SchemaAt): Split | undefined {
  const allowed = new Set(typesOf(atoms));
  if (allowed.has('number')) allowed.delete('integer');
  if (allowed.size < 2) return undefined;
  return [...allowed].map((type) => [...atoms, { ...place, schema: types[type] }]);
}

const rests = new WeakMap<object, Map<string, Keywords>>();

function without(at: SchemaAt, keywords: readonly string[]): SchemaAt[] {
  const { schema } = at;
  if (!isObject(schema)) return [];
  const known = rests.get(schema) ?? new Map<string, Keywords>();
  rests.set(schema, known);
  const key = keywords.join();
  const kept = Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword));
  const rest = known.get(key) ?? markEffective(Object.fromEntries(kept));
  known.set(key, rest);
  return kept.length === 0 ? [] : [{ ...at, schema: rest }];
}
