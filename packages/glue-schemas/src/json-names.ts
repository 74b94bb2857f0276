import { definitionJson } from '@order-stream/serde/compatibility';
import { type Draft, draftNamedIn } from '@order-stream/serde/json-schema';

/** The names in a JSON Schema. Empty for a text that is not JSON. */
export interface JsonNames {
  /** Its own id, without a fragment: `id` in draft 04, `$id` in the others. */
  readonly id: string | undefined;
  /** The documents that its `$ref`s name, as written, without those that it contains. */
  readonly documents: readonly string[];
  /** Its own draft, or `unnamed`. */
  readonly draft: Draft;
}

/** @param unnamed the draft of a definition without `$schema` */
export function jsonNames(definition: string, unnamed: Draft): JsonNames {
  const documents = new Set<string>();
  const ids = new Set<unknown>(['']);
  let keyword = '$id';
  let draft = unnamed;
  let own: unknown;
  try {
    const root = definitionJson(definition);
    draft = draftNamedIn(root, unnamed);
    if (draft === '04') keyword = 'id';
    own = idIn(root);
    visit(root);
  } catch {
    // The parser of the schema reports it, with the place.
  }
  return {
    id: typeof own === 'string' ? own.replace(/#$/, '') : undefined,
    documents: [...documents].filter((document) => !ids.has(document)),
    draft,
  };

  function visit(node: unknown): void {
    if (typeof node !== 'object' || node === null) return;
    const { $ref, $dynamicRef } = node as Record<string, unknown>;
    for (const reference of [$ref, $dynamicRef])
      if (typeof reference === 'string') documents.add(reference.replace(/#.*/s, ''));
    ids.add(idIn(node));
    for (const member of Object.values(node)) visit(member);
  }

  function idIn(node: unknown): unknown {
    return (node as Record<string, unknown> | null)?.[keyword];
  }
}
