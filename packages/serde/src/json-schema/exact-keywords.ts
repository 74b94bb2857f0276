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

/**
 * Replaces the keywords that ajv decides otherwise than Java. ajv's `multipleOf` divides doubles and rejects 19.99
 * by 0.01. Its equality calls a member named `valueOf`, and finds repeated strings with an object that cannot hold
 * `__proto__`.
 *
 * @param exact for values with bigints: every keyword that compares sees the bigints instead of their shadows.
 *   `root` is the value being checked, which cannot be found by its parent
 */
export function useOwnKeywords(ajv: Ajv, exact?: { shadows: Shadows; root: () => unknown }): void {
  for (const [keyword, holds] of exact ? Object.entries(limits) : []) {
    add(keyword, { type: 'number', schemaType: 'number' }, (limit) => (value) => {
      return holds(value as Exact, limit as Exact);
    });
  }
  add('multipleOf', { type: 'number', schemaType: 'number' }, (of) => (value) => {
    return isMultiple(value as Exact, of as Exact);
  });
  add('const', {}, (expected) => isOneOf([expected]));
  add('enum', { schemaType: 'array' }, (allowed) => {
    if ((allowed as unknown[]).length === 0) throw new Error('enum must have non-empty array');
    return isOneOf(allowed as unknown[]);
  });
  add('uniqueItems', { type: 'array', schemaType: 'boolean' }, (unique) => (value) => {
    const keys = (value as unknown[]).map(equalityKey);
    return unique !== true || new Set(keys).size === keys.length;
  });

  function add(
    keyword: string,
    types: { type?: 'number' | 'array'; schemaType?: 'number' | 'array' | 'boolean' },
    compile: (expected: unknown) => (value: unknown) => boolean,
  ): void {
    ajv.removeKeyword(keyword);
    ajv.addKeyword({
      keyword,
      ...types,
      error: { message: `must be allowed by "${keyword}"` },
      compile(shadow: unknown, schema: Schema) {
        const holds = compile(originalIn(schema, keyword, shadow));
        return (value, context) => holds(originalOf(value, context));
      },
    });
  }

  function originalIn(parent: unknown, key: string | number, shadow: unknown): unknown {
    const original = typeof parent === 'object' && parent && exact?.shadows.originalOf(parent);
    return original ? (original as Schema)[key] : shadow;
  }

  function originalOf(shadow: unknown, context: Context | undefined): unknown {
    // For a property name, ajv passes a parent that does not contain it.
    if (!exact || typeof shadow === 'string') return shadow;
    // For the root, ajv passes '' as the parent.
    const parent: unknown = context?.parentData;
    return parent
      ? originalIn(parent, context?.parentDataProperty as string, shadow)
      : exact.root();
  }
}

function isOneOf(values: readonly unknown[]): (value: unknown) => boolean {
  const keys = new Set(values.map(equalityKey));
  const texts = new Set(values.filter((value) => typeof value === 'string'));
  return (value) => (typeof value === 'string' ? texts.has(value) : keys.has(equalityKey(value)));
}
