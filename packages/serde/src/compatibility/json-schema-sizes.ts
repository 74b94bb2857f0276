import { keywordsOf, type SchemaAt } from './json-schema-at.ts';

export type Exact = number | bigint;

export function isExact(value: unknown): value is Exact {
  return typeof value === 'number' || typeof value === 'bigint';
}

type Limit =
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'
  | 'minProperties'
  | 'maxProperties';

/** The tightest limit of all parts, as a number; undefined without a limit. */
export function limitOf(parts: readonly SchemaAt[], keyword: Limit): number | undefined {
  const limits = parts
    .map((at) => keywordsOf(at)[keyword])
    .filter(isExact)
    .map(Number);
  if (limits.length === 0) return undefined;
  return keyword.startsWith('min') ? Math.max(...limits) : Math.min(...limits);
}
