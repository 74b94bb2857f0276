import { memberPointer } from '../json/json-pointer.ts';
import { eachSchema, isObject, type Keywords } from './each-schema.ts';
import { matchingName } from './each-used-schema.ts';
import type { ReferredDocument } from './read-references.ts';

const keyword = '$references';

/**
 * One schema of a definition and the documents that it refers to. They become members of the keyword `$references`, by
 * name, and every `$ref` to a document or inside one becomes a JSON pointer. Changes its arguments.
 */
export function joinReferences(
  definition: unknown,
  references: readonly ReferredDocument[],
): unknown {
  if (!isObject(definition) || references.length === 0) return definition;
  const documents = new Map(references);
  const rootIds = new Map(references.map(([name, document]) => [name, rootIdOf(document)]));
  const base = rootIdOf(definition);
  pointReferences(definition, undefined);
  for (const [name, document] of documents) pointReferences(document, name);
  return { ...definition, [keyword]: Object.fromEntries(documents) };

  function pointReferences(document: unknown, name: string | undefined): void {
    const ids = new Set<unknown>();
    eachSchema(document, ({ $id, id }) => ids.add($id).add(id));
    const root = name === undefined ? base : rootIds.get(name);
    eachSchema(document, (schema) => {
      const { $ref } = schema;
      if (typeof $ref !== 'string') return;
      const [target = '', ...rest] = $ref.split('#');
      const fragment = rest.join('#');
      const isOwn = target === '' || target === root;
      const referred = isOwn ? name : ids.has(target) ? undefined : nameOf(target);
      if (referred !== undefined) {
        (schema as { $ref: string }).$ref = pointerTo(referred, fragment);
      }
    });
    // Without this, the pointers in the document would be resolved in it instead of in the whole.
    if (name !== undefined && isObject(document)) {
      for (const id of ['$id', 'id']) delete (document as Record<string, unknown>)[id];
    }
  }

  function nameOf(document: string): string | undefined {
    const byName = matchingName(document, documents.keys());
    const isSame = (other: unknown) =>
      other === document ||
      (typeof other === 'string' && resolve(other, base) === resolve(document, base));
    return byName ?? references.find(([name]) => isSame(name) || isSame(rootIds.get(name)))?.[0];
  }

  function pointerTo(name: string, fragment: string): string {
    let pointer = fragment;
    if (fragment !== '' && !fragment.startsWith('/')) {
      const found = anchorIn(documents.get(name), fragment);
      if (found === undefined) return `#${fragment}`;
      pointer = found.split('/').map(encodeURIComponent).join('/');
    }
    const step = memberPointer('', name).replaceAll('%', '%25').replaceAll('#', '%23');
    return `#/${keyword}${step}${pointer}`;
  }
}

/** The `$id` of a document, or its `id` in draft 04. */
function rootIdOf(document: unknown): string | undefined {
  if (!isObject(document)) return undefined;
  const { $id = document.id } = document;
  return typeof $id === 'string' ? $id.replace(/#$/, '') : undefined;
}

/** The JSON pointer of the schema that a document names by an anchor. */
function anchorIn(document: unknown, anchor: string): string | undefined {
  let found: string | undefined;
  eachSchema(document, ({ $anchor, $id, id }: Keywords, pointer) => {
    if ($anchor === anchor || $id === `#${anchor}` || id === `#${anchor}`) found ??= pointer;
  });
  return found;
}

function resolve(reference: string, base: string | undefined): string {
  return URL.canParse(reference, base) ? new URL(reference, base).href : reference;
}
