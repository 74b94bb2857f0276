import { isMultiple } from '../json-schema/exact-values.ts';
import { type Found, fault, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { boundOf, isTighter, tightest } from './json-schema-bounds.ts';
import { closedNames, longestArray } from './json-schema-closed.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { countsOf } from './json-schema-contains.ts';
import { requiredOf } from './json-schema-required.ts';
import { type Exact, isExact } from './json-schema-sizes.ts';
import { onlyText } from './json-schema-types.ts';

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

/** Compares the keywords that limit values of a type, for the types that the writer allows. */
export function findLimitFaults(
  reader: SchemaAt,
  atoms: readonly SchemaAt[],
  types: ReadonlySet<string>,
  comparison: Comparison,
): Found {
  const wanted = keywordsOf(reader);
  const [place = reader] = atoms;
  const found: Found = [];
  const add = (type: string, keyword: string, message: string) =>
    found.push(fault(type, reader, place, message, keyword));
  const has = (type: string) => types.has(type) || (type === 'number' && types.has('integer'));

  for (const [keyword, [type, holds]] of Object.entries(limits)) {
    const limit = wanted[keyword];
    if (!isExact(limit) || !has(type)) continue;
    const given = [...atoms.map((at) => keywordsOf(at)[keyword]), impliedLimit(keyword)];
    if (given.some((before) => isExact(before) && holds(limit, before))) continue;
    add('LIMIT_NARROWED', keyword, `${keyword} is narrower`);
  }
  if (has('number')) {
    const isInteger = !types.has('number');
    for (const end of ['minimum', 'maximum'] as const) {
      const bound = boundOf(end, wanted);
      const before = tightest(end, atoms, isInteger);
      if (!bound || (before && !isTighter(end, bound, before, isInteger))) continue;
      add('LIMIT_NARROWED', bound.keyword, `${bound.keyword} is narrower`);
    }
  }
  if (has('string')) {
    for (const keyword of ['pattern', 'format', 'contentEncoding', 'contentMediaType']) {
      const value = wanted[keyword];
      if (value === undefined || atoms.some((at) => keywordsOf(at)[keyword] === value)) continue;
      const text = onlyText(atoms);
      if (keyword === 'pattern' && text !== undefined && comparison.matches(String(value), text))
        continue;
      add('PATTERN_CHANGED', keyword, `${keyword} differs`);
    }
  }
  if (has('array') && wanted.uniqueItems === true) {
    const longest = impliedLimit('maxItems') ?? Number.POSITIVE_INFINITY;
    const isUnique = atoms.some((at) => {
      const { uniqueItems, maxItems } = keywordsOf(at);
      return uniqueItems === true || (isExact(maxItems) && maxItems <= 1);
    });
    if (!isUnique && longest > 1) add('LIMIT_NARROWED', 'uniqueItems', 'items must be unique');
  }
  return found;

  /** A limit that follows from other keywords of the writer. */
  function impliedLimit(keyword: string): Exact | undefined {
    switch (keyword) {
      case 'minLength':
        return 0;
      case 'minItems':
        return Math.max(0, ...atoms.map((at) => countsOf(at)[0]));
      case 'maxItems':
        return longestArray(atoms, comparison);
      case 'minProperties':
        return requiredOf(atoms).size;
      case 'maxProperties':
        return closedNames(atoms, comparison)?.length;
      case 'multipleOf':
        return types.has('number') ? undefined : 1;
      default:
        return undefined;
    }
  }
}
