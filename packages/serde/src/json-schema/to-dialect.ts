import type { Draft } from './drafts.ts';
import { isObject, type Keywords } from './each-schema.ts';
import { containsOnlyChecks } from './evaluated-members.ts';
import { maxPartsPerFunction } from './schema-parts.ts';

/** The keywords of a schema in the form of another draft: exclusive limits are numbers since draft-06. */
export function inDialect(keywords: Keywords, from: Draft, to: Draft): Keywords {
  const schema: Record<string, unknown> = { ...keywords };
  if (from === '04') {
    exclude(schema, 'exclusiveMinimum', 'minimum');
    exclude(schema, 'exclusiveMaximum', 'maximum');
  }
  if (from !== '2020-12' && schema.contains !== undefined && to !== '07') {
    schema[containsOnlyChecks] = true;
  }
  moveToRequired(schema);
  if (from !== '2020-12' && to === '2020-12') splitItems(schema);
  if (from === '2020-12' && to !== '2020-12') joinItems(schema);
  return schema;
}

/** Everit ignores an exclusion without a limit, which the meta-schema of draft-04 forbids. */
function exclude(schema: Record<string, unknown>, exclusion: string, limit: string): void {
  const isExcluded = schema[exclusion] === true && Object.hasOwn(schema, limit);
  delete schema[exclusion];
  if (!isExcluded) return;
  schema[exclusion] = schema[limit];
  delete schema[limit];
}

/**
 * Moves some names that another property depends on to `required`, which ajv checks in a loop by its option
 * `loopRequired`. ajv's other code does not notice that a property named '' is missing, and it nests once for each name:
 * thousands of names need more than the stack.
 */
function moveToRequired(schema: Record<string, unknown>): void {
  for (const [keyword, schemasKeyword] of [
    ['dependencies', 'dependencies'],
    ['dependentRequired', 'dependentSchemas'],
  ] as const) {
    const dependents = schema[keyword];
    if (!isObject(dependents)) continue;
    const named = Object.entries(dependents).filter(
      ([, names]) =>
        Array.isArray(names) && (names.includes('') || names.length > maxPartsPerFunction),
    );
    if (named.length === 0) continue;
    const kept = new Map(Object.entries(dependents));
    for (const [name] of named) kept.delete(name);
    schema[keyword] = Object.fromEntries(kept);
    const schemas = new Map(Object.entries((schema[schemasKeyword] as Keywords | undefined) ?? {}));
    for (const [name, required] of named) {
      const other = schemas.get(name);
      schemas.set(name, other === undefined ? { required } : { allOf: [other, { required }] });
    }
    schema[schemasKeyword] = Object.fromEntries(schemas);
  }
}

function splitItems(schema: Record<string, unknown>): void {
  const { items, additionalItems } = schema;
  delete schema.additionalItems;
  if (!Array.isArray(items)) return;
  delete schema.items;
  schema.prefixItems = items;
  if (additionalItems !== undefined) schema.items = additionalItems;
}

function joinItems(schema: Record<string, unknown>): void {
  const { items, prefixItems } = schema;
  if (prefixItems === undefined) return;
  delete schema.prefixItems;
  schema.items = prefixItems;
  if (items !== undefined) schema.additionalItems = items;
}
