import { isObject } from './each-schema.ts';
import { memberOf, rootOf, type SchemaDocument } from './schema-place.ts';
import { resolveAsJava } from './uri-reference.ts';

const known = new WeakMap<SchemaDocument, ReadonlyMap<string, string>>();

/**
 * The references `#…` of a document by their absolute URI under the ids around them. Everit 1.14.5 keeps the target of
 * each by this URI, and so it finds the target of a reference that has the URI itself.
 */
export function pointersUnderIds(document: SchemaDocument): ReadonlyMap<string, string> {
  const found = known.get(document) ?? collectPointers(document);
  known.set(document, found);
  return found;
}

function collectPointers(document: SchemaDocument): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const open = [rootOf(document)];
  for (let place = open.pop(); place; place = open.pop()) {
    const { node, base, role } = place;
    if (typeof node !== 'object' || node === null || role === 'other') continue;
    const reference = isObject(node) && role === 'schema' ? node.$ref : undefined;
    if (typeof reference === 'string' && reference.startsWith('#') && base !== '') {
      found.set(resolveAsJava(base, reference), reference);
    }
    open.push(...Object.keys(node).flatMap((key) => memberOf(place, key) ?? []));
  }
  return found;
}
