import { isMultiple } from '../json-schema/exact-values.ts';
import { regularExpression } from '../json-schema/regular-expression.ts';
import { createBoundedMap } from '../registry/bounded-map.ts';
import {
  differsIn,
  type Found,
  fault,
  type Keywords,
  keywordsOf,
  type SchemaAt,
} from './json-schema-at.ts';
import { exactText } from './json-schema-value.ts';

type Exact = number | bigint;

// For each limit: the type it applies to, and whether the writer's limit implies the reader's.
const atLeast = (reader: Exact, writer: Exact) => writer >= reader;
const atMost = (reader: Exact, writer: Exact) => writer <= reader;
const limits: Record<string, [string, (reader: Exact, writer: Exact) => boolean]> = {
  minLength: ['string', atLeast],
  maxLength: ['string', atMost],
  minItems: ['array', atLeast],
  maxItems: ['array', atMost],
  minProperties: ['object', atLeast],
  maxProperties: ['object', atMost],
  multipleOf: ['number', (reader, writer) => isMultiple(writer, reader)],
};

const unlimited: Record<string, Exact> = { minLength: 0, minItems: 0, minProperties: 0 };

/** Compares the keywords that limit values of a type, for the types that the writer allows. */
export function findLimitFaults(
  reader: SchemaAt,
  writer: SchemaAt,
  types: ReadonlySet<string>,
): Found {
  const wanted = keywordsOf(reader);
  const given = keywordsOf(writer);
  const found: Found = [];
  const add = (type: string, keyword: string, message: string) =>
    found.push(fault(type, reader, writer, message, keyword));
  const has = (type: string) => types.has(type) || (type === 'number' && types.has('integer'));

  for (const [keyword, [type, holds]] of Object.entries(limits)) {
    const limit = wanted[keyword];
    if (!isExact(limit) || !has(type)) continue;
    const before = given[keyword] ?? unlimited[keyword];
    // Every integer is a multiple of 1.
    const whole = keyword === 'multipleOf' && limit === 1 && !types.has('number');
    if (whole || (isExact(before) && holds(limit, before))) continue;
    add('LIMIT_NARROWED', keyword, `${keyword} is narrower`);
  }
  if (has('number')) {
    for (const end of ['minimum', 'maximum'] as const) {
      const keyword = narrowerBound(end, wanted, given);
      if (keyword) add('LIMIT_NARROWED', keyword, `${keyword} is narrower`);
    }
  }
  if (has('string')) {
    for (const keyword of ['pattern', 'format', 'contentEncoding', 'contentMediaType']) {
      if (wanted[keyword] === undefined || wanted[keyword] === given[keyword]) continue;
      const text = (given as { [exactText]?: string })[exactText];
      if (keyword === 'pattern' && text !== undefined && matches(String(wanted.pattern), text))
        continue;
      add('PATTERN_CHANGED', keyword, `${keyword} differs`);
    }
  }
  if (has('array') && wanted.uniqueItems === true && given.uniqueItems !== true) {
    add('LIMIT_NARROWED', 'uniqueItems', 'items must be unique');
  }
  if (has('object') && differsIn('propertyNames', reader, writer)) {
    add('PATTERN_CHANGED', 'propertyNames', 'propertyNames differs');
  }
  return found;
}

/** The keyword of the reader's bound if it is narrower than the writer's. */
function narrowerBound(
  end: 'minimum' | 'maximum',
  wanted: Keywords,
  given: Keywords,
): string | undefined {
  const reader = boundOf(end, wanted);
  if (!reader) return undefined;
  const writer = boundOf(end, given);
  if (!writer) return reader.keyword;
  const [below, above] = end === 'minimum' ? [writer, reader] : [reader, writer];
  if (below.limit < above.limit) return reader.keyword;
  // Not `===`, because a number and a bigint can be the same limit.
  const isSame = !(below.limit > above.limit);
  return isSame && reader.exclusive && !writer.exclusive ? reader.keyword : undefined;
}

/** In draft-04 the exclusive keyword is a boolean beside the limit, in later drafts a limit of its own. */
function boundOf(end: 'minimum' | 'maximum', schema: Keywords) {
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

// Every property name is matched with every pattern.
const compiled = createBoundedMap<string, RegExp>(20_000);

// An invalid pattern matches nothing: it is compatible with the equal pattern only.
const nothing = /(?!)/;

export function matches(pattern: string, text: string): boolean {
  const expression = compiled.get(pattern) ?? expressionOf(pattern);
  compiled.set(pattern, expression);
  return expression.test(text);
}

function expressionOf(pattern: string): RegExp {
  try {
    // The latest draft accepts the most patterns.
    return regularExpression(pattern, '2020-12');
  } catch {
    return nothing;
  }
}

function isExact(value: unknown): value is Exact {
  return typeof value === 'number' || typeof value === 'bigint';
}
