import { definitionJson } from '@order-stream/serde/compatibility';

/** The documents that the `$ref`s of a JSON Schema name, as written. Empty for a text that is not JSON. */
export function jsonReferences(definition: string): string[] {
  const documents = new Set<string>();
  const ids = new Set<unknown>();
  try {
    visit(definitionJson(definition));
  } catch {
    // The parser of the schema reports it, with the place.
  }
  return [...documents].filter((document) => document !== '' && !ids.has(document));

  function visit(node: unknown): void {
    if (typeof node !== 'object' || node === null) return;
    const { $ref, $id, id } = node as Record<string, unknown>;
    if (typeof $ref === 'string') documents.add($ref.replace(/#.*/s, ''));
    ids.add($id).add(id);
    for (const member of Object.values(node)) visit(member);
  }
}

/** The `$id` of a JSON Schema, or its `id` in draft 04, without a fragment. */
export function jsonIdOf(definition: string): string | undefined {
  try {
    const { $id, id } = definitionJson(definition) as { $id?: unknown; id?: unknown };
    const own = $id ?? id;
    return typeof own === 'string' ? own.replace(/#$/, '') : undefined;
  } catch {
    return undefined;
  }
}
