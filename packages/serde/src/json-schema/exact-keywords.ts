import type { Ajv } from 'ajv';
import { equalityKey, isMultiple, type Shadows } from './exact-values.ts';

type Exact = number | bigint;

const limits: Record<string, (value: Exact, limit: Exact) => boolean> = {
  minimum: (value, limit) => value >= limit,
  maximum: (value, limit) => value <= limit,
  exclusiveMinimum: (value, limit) => value > limit,
  exclusiveMaximum: (value, limit) => value < limit,
};

/** `multipleOf` in decimal arithmetic, for ajv's own divides doubles and refuses 19.99 by 0.01. */
export function useDecimalMultiples(ajv: Ajv): void {
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    error: { message: ({ schema }) => `must be multiple of ${schema}` },
    validate: (of: number, value: number) => isMultiple(value, of),
  });
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
    return (original as Record<string, unknown>)[key];
  };

  const add = (
    keyword: string,
    type: 'number' | 'array' | undefined,
    holds: (expected: unknown, value: unknown, parentSchema: Record<string, unknown>) => boolean,
  ): void => {
    ajv.removeKeyword(keyword);
    ajv.addKeyword({
      keyword,
      ...(type && { type }),
      error: { message: `must be allowed by "${keyword}"` },
      compile(shadow: unknown, parentSchema: Record<string, unknown>) {
        if (type === 'number' && typeof shadow !== 'number') {
          throw new Error(`${keyword} must be a number`);
        }
        const expected = inParent(parentSchema, keyword, shadow);
        return (value, context) => {
          // ajv hands the root '' for a parent.
          const parent: unknown = context?.parentData;
          const exact = parent
            ? inParent(parent, context?.parentDataProperty as string, value)
            : root();
          return holds(expected, exact, parentSchema);
        };
      },
    });
  };

  for (const [keyword, holds] of Object.entries(limits)) {
    if (draft === '04' && keyword.startsWith('exclusive')) continue;
    add(keyword, 'number', (limit, value, parentSchema) => {
      const excluded =
        draft === '04' &&
        parentSchema[keyword.replace('m', 'exclusiveM')] === true &&
        value === limit;
      return !excluded && holds(value as Exact, limit as Exact);
    });
  }
  add('multipleOf', 'number', (of, value) => isMultiple(value as Exact, of as Exact));
  if (draft !== '04') {
    add('const', undefined, (expected, value) => equalityKey(expected) === equalityKey(value));
  }
  add('enum', undefined, (allowed, value) => {
    const key = equalityKey(value);
    return (allowed as unknown[]).some((candidate) => equalityKey(candidate) === key);
  });
  add('uniqueItems', 'array', (unique, value) => {
    const keys = (value as unknown[]).map(equalityKey);
    return unique !== true || new Set(keys).size === keys.length;
  });
}
