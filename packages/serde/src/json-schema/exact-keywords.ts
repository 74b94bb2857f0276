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

/** Finds the original of what ajv sees in a schema or a value. */
interface Originals {
  inSchema(schema: Schema, keyword: string, shadow: unknown): unknown;
  inValue(shadow: unknown, context: Context | undefined): unknown;
}
const themselves: Originals = {
  inSchema: (_schema, _keyword, shadow) => shadow,
  inValue: (shadow) => shadow,
};

/**
 * Replaces the keywords that ajv decides otherwise than Java, for values without bigints. ajv's
 * `multipleOf` divides doubles and rejects 19.99 by 0.01. Its equality calls a member named `valueOf`, and
 * finds repeated strings with an object that cannot hold `__proto__`.
 */
export function useOwnKeywords(ajv: Ajv, draft: string): void {
  addMultiples(ajv, themselves);
  addEquality(ajv, draft, themselves);
}

/**
 * Replaces the keywords that compare, so that they see the bigints instead of their shadows.
 *
 * @param root the value being checked, which cannot be found by its parent
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
      // For a property name, ajv passes a parent that does not contain it.
      if (typeof shadow === 'string') return shadow;
      // For the root, ajv passes '' as the parent.
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
