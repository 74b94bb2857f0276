import { isObject } from './each-schema.ts';
import { inJavaOrder } from './java-key-order.ts';
import {
  idOf,
  isReadByJava,
  memberOf,
  type Place,
  rootOf,
  type SchemaDocument,
} from './schema-place.ts';
import { documentOf, fragmentOf, resolveUri } from './uri-reference.ts';

/** The parts of a document that have a name of their own. */
export interface SchemaIds {
  /** By the id as written. For drafts that Java reads. */
  readonly asWritten: ReadonlyMap<string, Place>;
  /** By the absolute URI without a fragment. */
  readonly resources: ReadonlyMap<string, Place>;
  /** By the absolute URI with a fragment that is not a JSON pointer. */
  readonly anchors: ReadonlyMap<string, Place>;
  /** The anchors for `$dynamicRef` of each resource, by the URI of the resource. */
  readonly dynamicAnchors: ReadonlyMap<string, ReadonlyMap<string, Place>>;
}

/** The name under which `$recursiveAnchor` is kept, which has no name. */
export const recursiveAnchor = '';

const known = new WeakMap<SchemaDocument, SchemaIds>();

export function idsOf(document: SchemaDocument): SchemaIds {
  const ids = known.get(document) ?? collectIds(document);
  known.set(document, ids);
  return ids;
}

function collectIds(document: SchemaDocument): SchemaIds {
  const asWritten = new Map<string, Place>();
  const resources = new Map<string, Place>();
  const anchors = new Map<string, Place>();
  const dynamicAnchors = new Map<string, Map<string, Place>>();
  const byJava = isReadByJava(document.draft);

  function collect(place: Place): void {
    const { node } = place;
    if (typeof node !== 'object' || node === null) return;
    if (!byJava && place.role === 'other') return;
    const id = idOf(place);
    if (id !== undefined) addId(id, place);
    if (!byJava && place.role === 'schema' && isObject(node)) addAnchors(node, place);
    const keys = Object.keys(node);
    for (const key of byJava && !Array.isArray(node) ? inJavaOrder(keys) : keys) {
      collect(memberOf(place, key) as Place);
    }
  }

  function addId(id: string, place: Place): void {
    asWritten.set(id, place);
    const isAnchor = fragmentOf(place.base).length > 1;
    if (isAnchor) addAbsent(anchors, place.base, place);
    else addAbsent(resources, documentOf(place.base), place);
  }

  function addAnchors(node: Record<string, unknown>, place: Place): void {
    const resource = documentOf(place.base);
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const name = node[keyword];
      const isKnown = keyword === '$anchor' || document.draft === '2020-12';
      if (typeof name !== 'string' || !isKnown) continue;
      addAbsent(anchors, resolveUri(resource, `#${name}`), place);
      if (keyword === '$dynamicAnchor') addDynamic(resource, name, place);
    }
    if (document.draft === '2019-09' && node.$recursiveAnchor === true) {
      addDynamic(resource, recursiveAnchor, place);
    }
  }

  function addDynamic(resource: string, name: string, place: Place): void {
    const names = dynamicAnchors.get(resource) ?? new Map<string, Place>();
    dynamicAnchors.set(resource, names);
    addAbsent(names, name, place);
  }

  const root = rootOf(document);
  addAbsent(resources, document.uri, root);
  collect(root);
  return { asWritten, resources, anchors, dynamicAnchors };
}

function addAbsent(map: Map<string, Place>, name: string, place: Place): void {
  if (!map.has(name)) map.set(name, place);
}
