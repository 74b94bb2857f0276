import { memberPointer } from '../json/json-pointer.ts';
import type { Draft } from './drafts.ts';
import { isObject, type Keywords } from './each-schema.ts';
import { subschemasIn } from './keyword-fault.ts';
import { resolveAsJava, resolveUri } from './uri-reference.ts';

/** A definition, or a document that it can refer to. */
export interface SchemaDocument {
  /** The name of a reference; undefined for the definition itself. */
  readonly name?: string;
  readonly root: unknown;
  readonly draft: Draft;
  /** The URI by which other documents know it, without a fragment; empty if it has none. */
  readonly uri: string;
  /** Why the text could not be read; `root` is then undefined. */
  readonly fault?: Error;
}

/** A part of a document. */
export interface Place {
  readonly node: unknown;
  /** JSON pointer from the root of the document. */
  readonly pointer: string;
  readonly document: SchemaDocument;
  /** The URI against which references in this part are resolved; empty if no part around has an id. */
  readonly base: string;
  /** `base` without the id of this part itself. */
  readonly outerBase: string;
  /** Whether this part is a schema, a list or map of schemas, or anything else. */
  readonly role: 'schema' | 'schemas' | 'other';
}

export function rootOf(document: SchemaDocument): Place {
  return placeOf(document.root, '', document, document.uri, 'schema');
}

/** The member or element of a part; undefined if there is none. */
export function memberOf(place: Place, key: string): Place | undefined {
  const { node, pointer, document, base } = place;
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
  const role = roleOf(place, key);
  return placeOf((node as Keywords)[key], memberPointer(pointer, key), document, base, role);
}

/** The target of a reference: its id applies, although it may be at a place where a draft expects no schema. */
export function asSchema({ node, pointer, document, outerBase }: Place): Place {
  return placeOf(node, pointer, document, outerBase, 'schema');
}

/** Whether Java reads the draft. It takes a member named `$id` or `id` as an id wherever it is. */
export function isReadByJava(draft: Draft): draft is '04' | '06' | '07' {
  return draft === '04' || draft === '06' || draft === '07';
}

/** The id of a part as written. */
export function idOf({ node, role, document: { draft } }: Place): string | undefined {
  if (!isObject(node) || (role !== 'schema' && !isReadByJava(draft))) return undefined;
  const keyword = draft === '04' ? 'id' : '$id';
  const id = Object.hasOwn(node, keyword) ? node[keyword] : undefined;
  return typeof id === 'string' ? id : undefined;
}

function placeOf(
  node: unknown,
  pointer: string,
  document: SchemaDocument,
  outerBase: string,
  role: Place['role'],
): Place {
  const place = { node, pointer, document, outerBase, base: outerBase, role };
  const id = idOf(place);
  if (id === undefined) return place;
  const resolve = isReadByJava(document.draft) ? resolveAsJava : resolveUri;
  return { ...place, base: resolve(outerBase, id) };
}

function roleOf({ node, role, document }: Place, key: string): Place['role'] {
  if (role !== 'schema') return role === 'schemas' ? 'schema' : 'other';
  const member = (node as Keywords)[key];
  if (key === '$defs' || key === 'definitions') return 'schemas';
  const found = subschemasIn(key, document.draft);
  if (found === 'members') return 'schemas';
  if (found === undefined) return 'other';
  return Array.isArray(member) ? 'schemas' : 'schema';
}
