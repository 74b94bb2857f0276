import type { Draft } from './drafts.ts';
import type { Keywords } from './each-schema.ts';
import { containsOnlyChecks } from './evaluated-members.ts';

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
