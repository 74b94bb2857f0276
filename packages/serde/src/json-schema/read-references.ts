import { draftNamedIn } from './drafts.ts';
import { parseDefinition } from './parse-definition.ts';
import { idOf, rootOf, type SchemaDocument } from './schema-place.ts';
import { documentOf, resolveUri } from './uri-reference.ts';

/** A schema that a `$ref` can name. */
export interface Referred {
  readonly name: string;
  readonly definition: string;
}

interface Parsed {
  readonly name: string;
  readonly root: unknown;
  readonly fault?: Error;
}

export function parseReferences(references: readonly Referred[]): readonly Parsed[] {
  return references.map(({ name, definition }) => {
    try {
      return { name, root: parseDefinition(definition) };
    } catch (fault) {
      return { name, root: undefined, fault: fault as Error };
    }
  });
}

/**
 * The documents that a definition can refer to. Each has its name under the id of the definition as its URI, and the
 * draft of the definition if it names none.
 */
export function documentsUnder(
  definition: SchemaDocument,
  references: readonly Parsed[],
): readonly SchemaDocument[] {
  const base = idOf(rootOf(definition)) ?? '';
  return references.map((parsed) => ({
    ...parsed,
    uri: documentOf(resolveUri(base, parsed.name)),
    draft: draftNamedIn(parsed.root, definition.draft),
  }));
}
