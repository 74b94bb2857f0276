import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf } from './json-schema-atoms.ts';
import { below } from './path.ts';

/** The schemas for the first items of an array. */
export function tupleOf(parent: SchemaAt): readonly unknown[] {
  const { prefixItems, items } = keywordsOf(parent);
  if (Array.isArray(prefixItems)) return prefixItems;
  return Array.isArray(items) ? items : [];
}

/** The schema for the item at an index. */
export function itemAt(parent: SchemaAt, index: number): SchemaAt {
  const { prefixItems, items, additionalItems } = keywordsOf(parent);
  const tuple = tupleOf(parent);
  const keyword = Array.isArray(prefixItems) ? 'prefixItems' : 'items';
  if (index < tuple.length) return childOf(parent, keyword, `${index}`);
  if (!Array.isArray(items))
    return items === undefined ? anyAt(parent, 'items') : childOf(parent, 'items');
  return additionalItems === undefined
    ? anyAt(parent, 'additionalItems')
    : childOf(parent, 'additionalItems');
}

function anyAt(parent: SchemaAt, keyword: string): SchemaAt {
  return { ...parent, schema: true, path: below(parent.path, keyword) };
}
