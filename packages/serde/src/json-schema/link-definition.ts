import { InvalidSchemaError } from '../errors.ts';
import { checkPlace } from './check-schema.ts';
import { type Draft, draftOf, newestOf } from './drafts.ts';
import { invalidAt } from './invalid-at.ts';
import { linkSchema } from './link-schema.ts';
import { parseDefinition } from './parse-definition.ts';
import { documentsUnder, parseReferences, type Referred } from './read-references.ts';
import { createResolver } from './resolve-reference.ts';
import type { SchemaDocument } from './schema-place.ts';

/** A definition with what it refers to, checked, as one schema. */
export interface LinkedDefinition {
  /** The result of `linkSchema`. */
  readonly schema: unknown;
  /** The definition, then its references. */
  readonly documents: readonly [SchemaDocument, ...SchemaDocument[]];
  /** The draft in whose form the schema is. */
  readonly dialect: Draft;
}

/**
 * Checks a definition and links it to its references. Registries accept a definition by this alone, so everything that
 * `compileValidator` refuses must be refused here. `check-and-compile.test.ts` compares the two.
 *
 * @param unnamedDraft the draft of a definition without `$schema`
 * @throws InvalidSchemaError the definition is not a schema of its draft, or refers to a document that is
 *   not among the references
 */
export function linkDefinition(
  definition: string,
  unnamedDraft: Draft,
  references: readonly Referred[],
): LinkedDefinition {
  try {
    const root = parseDefinition(definition);
    const draft = draftOf(root, unnamedDraft);
    const whole: SchemaDocument = { root, draft, uri: '' };
    const referred = documentsUnder(whole, parseReferences(references));
    const documents = [whole, ...referred] as const;
    const dialect = newestOf(documents.map((document) => document.draft));
    const resolve = createResolver(whole, referred);
    return { schema: linkSchema(documents, dialect, resolve, checkPlace), documents, dialect };
  } catch (error) {
    if (error instanceof InvalidSchemaError) throw error;
    throw invalidAt('', (error as Error).message);
  }
}
