import type { Ajv } from 'ajv';
import { equalityKey, isMultiple, type Shadows } from './exact-values.ts';

type Exact = number | bigint;
type Schema = Record<string, unknown>;
interface Context {
  parentData: unknown;
  parentDataProperty: string | number;
}

const limits: Record<string, (value: Exact, limit: Exact) => boolean> = {
  minimum: (value, limit) => value >= limit,
  maximum: (value, limit) => value <= limit,
  exclusiveMinimum: (value, limit) => value > limit,
  exclusiveMaximum: (value, limit) => value < limit,
};

/** What ajv sees of a schema and of a value stands for these. */
interface Originals {
  inSchema(schema: Schema, keyword: string, shadow: unknown): unknown;
  inValue(shadow: unknown, context: Context | undefined): unknown;
}
const themselves: Originals = {
  inSchema: (_schema, _keyword, shadow) => shadow,
  inValue: (shadow) => shadow,
};

/**
 * The keywords that ajv decides otherwise than Java, for values without bigints. Its `multipleOf`
 * divides doubles and refuses 19.99 by 0.01; its equality calls a member named `valueOf`, and looks for
 * repeated texts in an object that `__proto__` cannot be put into.
 */
export function useOwnKeywords(ajv: Ajv, draft: string): void {
  addMultiples(ajv, themselves);
  addEquality(ajv, draft, themselves);
}

/**
 * The keywords that compare, made to see the bigints which the shadows of schema and value stand for.
 *
 * @param root the value being checked, which has no parent to find it by
 */
export function useExactKeywords(
  ajv: Ajv,
  shadows: Shadows,
  root: () => unknown,
  draft: string,
): void {
  const inParent = (parent: unknown, key: string | number, shadow: unknown): unknown => {
    const original = typeof parent === 'object' && parent && shadows.originalOf(parent);
    if (!original) return shadow;
    return (original as Schema)[key];
  };
  const originals: Originals = {
    inSchema: inParent,
    inValue(shadow, context) {
      // Of the name of a property, ajv says a parent that it is not in.
      if (typeof shadow === 'string') return shadow;
      // ajv hands the root '' for a parent.
      const parent: unknown = context?.parentData;
      return parent ? inParent(parent, context?.parentDataProperty as string, shadow) : root();
    },
  };
  for (const [keyword, holds] of Object.entries(limits)) {
    if (draft === '04' && keyword.startsWith('exclusive')) continue;
    add(ajv, originals, keyword, 'number', 'number', (limit, schema) => (value) => {
      const excluded =
        draft === '04' && schema[keyword.replace('m', 'exclusiveM')] === true && value === limit;
      return !excluded && holds(value as Exact, limit as Exact);
    });
  }
  addMultiples(ajv, originals);
  addEquality(ajv, draft, originals);
}

function addMultiples(ajv: Ajv, originals: Originals): void {
  add(ajv, originals, 'multipleOf', 'number', 'number', (of) => (value) => {
    return isMultiple(value as Exact, of as Exact);
  });
}

function addEquality(ajv: Ajv, draft: string, originals: Originals): void {
  if (draft !== '04') {
    add(ajv, originals, 'const', undefined, undefined, (expected) => isOneOf([expected]));
  }
  add(ajv, originals, 'enum', undefined, 'array', (allowed) => {
    if ((allowed as unknown[]).length === 0) throw new Error('enum must have non-empty array');
    return isOneOf(allowed as unknown[]);
  });
  add(ajv, originals, 'uniqueItems', 'array', 'boolean', (unique) => (value) => {
    const keys = (value as unknown[]).map(equalityKey);
    return unique !== true || new Set(keys).size === keys.length;
  });
}

function isOneOf(values: readonly unknown[]): (value: unknown) => boolean {
  const keys = new Set(values.map(equalityKey));
  const texts = new Set(values.filter((value) => typeof value === 'string'));
  return (value) => (typeof value === 'string' ? texts.has(value) : keys.has(equalityKey(value)));
}

function add(
  ajv: Ajv,
  originals: Originals,
  keyword: string,
  type: 'number' | 'array' | undefined,
  schemaType: 'number' | 'array' | 'boolean' | undefined,
  compile: (expected: unknown, schema: Schema) => (value: unknown) => boolean,
): void {
  ajv.removeKeyword(keyword);
  ajv.addKeyword({
    keyword,
    ...(type && { type }),
    ...(schemaType && { schemaType }),
    error: { message: `must be allowed by "${keyword}"` },
    compile(shadow: unknown, schema: Schema) {
      const holds = compile(originals.inSchema(schema, keyword, shadow), schema);
      return (value, context) => holds(originals.inValue(value, context));
    },
  });
}
