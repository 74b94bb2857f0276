import type { Draft } from '../json-schema/drafts.ts';
import { isObject } from '../json-schema/each-schema.ts';
import { hasIgnoredSiblings } from '../json-schema/each-used-schema.ts';
import type { Keywords } from './json-schema-at.ts';

const inEachDraft = [
  '$ref type enum allOf anyOf oneOf not',
  'multipleOf minimum maximum exclusiveMinimum exclusiveMaximum',
  'minLength maxLength pattern format contentEncoding contentMediaType',
  'items minItems maxItems uniqueItems',
  'properties patternProperties additionalProperties required minProperties maxProperties dependencies',
];
const since06 = [...inEachDraft, 'const contains propertyNames'];
const since07 = [...since06, 'if then else'];
const since2019 = [
  ...since07,
  'minContains maxContains dependentRequired dependentSchemas',
  'unevaluatedProperties unevaluatedItems $dynamicRef $recursiveRef',
];
const keywords: Record<Draft, ReadonlySet<string>> = {
  '04': setOf([...inEachDraft, 'additionalItems']),
  '06': setOf([...since06, 'additionalItems']),
  '07': setOf([...since07, 'additionalItems']),
  '2019-09': setOf([...since2019, 'additionalItems']),
  '2020-12': setOf([...since2019, 'prefixItems']),
};

const effective: Record<Draft, WeakMap<object, Keywords | boolean>> = {
  '04': new WeakMap(),
  '06': new WeakMap(),
  '07': new WeakMap(),
  '2019-09': new WeakMap(),
  '2020-12': new WeakMap(),
};

/**
 * The keywords of a schema that constrain a value in a draft: no annotations, no keywords of other drafts, and
 * up to draft 07 nothing beside a `$ref`. A schema without such keywords is `true`.
 *
 * Each schema has one result per draft, because pairs of schemas in progress are recognized by identity.
 */
export function effectiveSchema(schema: unknown, draft: Draft): Keywords | boolean {
  if (!isObject(schema)) return schema !== false;
  const known = effective[draft].get(schema) ?? select(schema, draft);
  effective[draft].set(schema, known);
  // The result is its own result.
  if (known !== true && known !== false) effective[draft].set(known, known);
  return known;
}

/** Marks a schema that no definition contains: all its keywords count in each draft. */
export function markEffective<Schema extends Keywords>(schema: Schema): Schema {
  for (const known of Object.values(effective)) known.set(schema, schema);
  return schema;
}

function select(schema: Keywords, draft: Draft): Keywords | boolean {
  if (hasIgnoredSiblings(schema, draft)) return { $ref: schema.$ref };
  const kept = Object.entries(schema).filter(
    ([keyword]) => keywords[draft].has(keyword) && isUsable(keyword, schema, draft),
  );
  return kept.length === 0 ? true : Object.fromEntries(kept);
}

/** A keyword that has no meaning without another one. */
const needed = new Map([
  ['then', 'if'],
  ['else', 'if'],
  ['minContains', 'contains'],
  ['maxContains', 'contains'],
]);

/** False for a value that only another draft allows, and for a keyword without the one that gives it a meaning. */
function isUsable(keyword: string, schema: Keywords, draft: Draft): boolean {
  const value = schema[keyword];
  if (schema[needed.get(keyword) ?? keyword] === undefined) return false;
  if (keyword === 'additionalItems' && !Array.isArray(schema.items)) return false;
  if (keyword === 'exclusiveMinimum' || keyword === 'exclusiveMaximum') {
    return (typeof value === 'boolean') === (draft === '04');
  }
  return keyword !== 'items' || draft !== '2020-12' || !Array.isArray(value);
}

function setOf(lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.join(' ').split(' '));
}
