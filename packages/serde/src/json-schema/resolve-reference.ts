import { isObject } from './each-schema.ts';
import { inReference, invalidAt } from './invalid-at.ts';
import { pointersUnderIds } from './pointers-under-ids.ts';
import { decodePercents, javaStepsOf, stepsOf } from './reference-steps.ts';
import { idsOf } from './schema-ids.ts';
import {
  asSchema,
  isReadByJava,
  memberOf,
  type Place,
  rootOf,
  type SchemaDocument,
} from './schema-place.ts';
import { documentOf, fragmentOf, resolveAsJava, resolveUri } from './uri-reference.ts';

/**
 * Finds the target of a reference in a part of a document; undefined if there is none.
 *
 * @throws InvalidSchemaError the reference names a document that is not JSON
 */
export type ResolveReference = (from: Place, reference: string) => Place | undefined;

/**
 * Resolves references in a definition and the documents that it can refer to.
 *
 * In the drafts that Java reads, the target is that of Everit 1.14.5 wherever Everit finds one: an id as it is
 * written, `#…` in the whole document whatever ids are around, and the name of a reference under the id of the
 * definition. A reference that Everit cannot resolve, and every reference of later drafts, has the target that JSON
 * Schema prescribes.
 */
export function createResolver(
  definition: SchemaDocument,
  references: readonly SchemaDocument[] = [],
): ResolveReference {
  const byUri = new Map(references.map((document) => [document.uri, document]));
  const byName = new Map(references.map((document) => [document.name ?? '', document]));

  return (from, reference) => {
    const asJava = isReadByJava(from.document.draft);
    return (
      (asJava ? byJava(from, reference) : undefined) ??
      bySpecification(from, asJava ? from.outerBase : from.base, reference) ??
      inDocument(byName.get(documentOf(reference)), fragmentOf(reference))
    );
  };

  function byJava(from: Place, reference: string): Place | undefined {
    const absolute = resolveAsJava(from.base, reference);
    const named = idsOf(from.document).asWritten.get(absolute);
    if (named) return schemaAt(named);
    if (reference.startsWith('#')) return inDocument(from.document, reference);
    const uri = documentOf(absolute);
    const target = inDocument(byUri.get(uri), fragmentOf(absolute));
    // Everit ignores the ids around the target, but not the target's own.
    if (target) return asSchema({ ...target, outerBase: uri });
    for (const document of [definition, ...references]) {
      const pointer = pointersUnderIds(document).get(absolute);
      if (pointer !== undefined) return inDocument(document, pointer);
    }
    return undefined;
  }

  /** How Everit reads a fragment: of a name that is not an id, only the pointer after it counts. */
  function inDocument(document: SchemaDocument | undefined, fragment: string): Place | undefined {
    if (!document) return undefined;
    checkReadable(document);
    const named = fragment && idsOf(document).asWritten.get(fragment);
    return schemaAt(named || javaMemberAt(rootOf(document), javaStepsOf(fragment)));
  }

  function bySpecification(from: Place, base: string, reference: string): Place | undefined {
    const absolute = resolveUri(base, reference);
    const uri = documentOf(absolute);
    const fragment = fragmentOf(absolute);
    const documents = [from.document, byUri.get(uri), definition, ...references];
    for (const document of documents) {
      if (!document) continue;
      const ids = idsOf(document);
      const resource = ids.resources.get(uri);
      if (resource) checkReadable(document);
      const target = isPointer(fragment)
        ? resource && memberAt(resource, stepsOf(fragment))
        : ids.anchors.get(uri + decodePercents(fragment));
      if (target) return schemaAt(target);
    }
    return undefined;
  }
}

/** The error for a reference whose target cannot be found. */
export function withoutTarget(
  { pointer, document: { name } }: Place,
  keyword: string,
  help = '',
): Error {
  const problem = 'the reference has no target in the definition or its references';
  const fault = invalidAt(`${pointer}/${keyword}`, `${problem}${help}`);
  return name === undefined ? fault : inReference(name, fault);
}

function checkReadable({ name, fault }: SchemaDocument): void {
  if (fault) throw inReference(name ?? '', fault);
}

function isPointer(fragment: string): boolean {
  return fragment.length < 2 || fragment.startsWith('#/');
}

function memberAt(place: Place, steps: readonly string[]): Place | undefined {
  let found: Place | undefined = place;
  for (const step of steps) found = found && memberOf(found, step);
  return found;
}

/** Java also reads `00` as an index. */
function javaMemberAt(place: Place, steps: readonly string[]): Place | undefined {
  let found: Place | undefined = place;
  for (const step of steps) {
    const isIndex: boolean = Array.isArray(found?.node) && /^\d+$/.test(step);
    found = found && memberOf(found, isIndex ? String(Number(step)) : step);
  }
  return found;
}

function schemaAt(place: Place | undefined): Place | undefined {
  const isSchema = place && (isObject(place.node) || typeof place.node === 'boolean');
  return isSchema ? asSchema(place) : undefined;
}
