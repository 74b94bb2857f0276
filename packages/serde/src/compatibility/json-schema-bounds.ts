import { type Keywords, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { type Exact, isExact } from './json-schema-sizes.ts';

export type End = 'minimum' | 'maximum';

export interface Bound {
  keyword: string;
  limit: Exact;
  exclusive: boolean;
}

/**
 * The bound of a schema. In draft-04 the exclusive keyword is a boolean beside the limit, in later drafts a
 * limit of its own.
 */
export function boundOf(end: End, schema: Keywords): Bound | undefined {
  const exclusiveKeyword = end === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
  const inclusive = schema[end];
  const exclusive = schema[exclusiveKeyword];
  if (isExact(exclusive)) {
    const covers =
      isExact(inclusive) && (end === 'minimum' ? inclusive > exclusive : inclusive < exclusive);
    if (!covers) return { keyword: exclusiveKeyword, limit: exclusive, exclusive: true };
  }
  if (!isExact(inclusive)) return undefined;
  return { keyword: end, limit: inclusive, exclusive: exclusive === true };
}

/** The tightest bound of all parts. */
export function tightest(
  end: End,
  parts: readonly SchemaAt[],
  isInteger: boolean,
): Bound | undefined {
  let found: Bound | undefined;
  for (const at of parts) {
    const bound = boundOf(end, keywordsOf(at));
    if (bound && (!found || isTighter(end, bound, found, isInteger))) found = bound;
  }
  return found;
}

/** Whether the first bound excludes a value that the second allows. */
export function isTighter(end: End, one: Bound, other: Bound, isInteger: boolean): boolean {
  const [first, second] = isInteger ? [rounded(end, one), rounded(end, other)] : [one, other];
  const [below, above] = end === 'minimum' ? [second, first] : [first, second];
  if (below.limit < above.limit) return true;
  // Not `===`, because a number and a bigint can be the same limit.
  const isSame = !(below.limit > above.limit);
  return isSame && first.exclusive && !second.exclusive;
}

/** Whether no number is between two bounds. */
export function isVoid(low: Bound, high: Bound, isInteger: boolean): boolean {
  const [least, most] = isInteger
    ? [rounded('minimum', low), rounded('maximum', high)]
    : [low, high];
  if (least.limit > most.limit) return true;
  const isSame = !(least.limit < most.limit);
  return isSame && (least.exclusive || most.exclusive);
}

/** The bound as the first integer that it allows. */
function rounded(end: End, bound: Bound): Bound {
  const { keyword, limit, exclusive } = bound;
  if (limit === Infinity || limit === -Infinity) return bound;
  const isWhole = typeof limit === 'bigint' || Number.isInteger(limit);
  const whole = BigInt(
    isWhole ? limit : end === 'minimum' ? Math.ceil(limit as number) : Math.floor(limit as number),
  );
  const step = exclusive && isWhole ? (end === 'minimum' ? 1n : -1n) : 0n;
  return { keyword, limit: whole + step, exclusive: false };
}
