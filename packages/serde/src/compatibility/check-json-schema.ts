import { checkNames, checkPlace } from '../json-schema/check-schema.ts';
import { type Draft, draftNamedIn } from '../json-schema/drafts.ts';
import { isObject, type Keywords } from '../json-schema/each-schema.ts';
import { hasIgnoredSiblings } from '../json-schema/each-used-schema.ts';
import { invalidAt } from '../json-schema/invalid-at.ts';
import { type JoinedSchema, joinReferences } from '../json-schema/join-references.ts';
import { findKeywordFault } from '../json-schema/keyword-fault.ts';
import { parseDefinition } from '../json-schema/parse-definition.ts';
import type { Place } from '../json-schema/schema-place.ts';
import type { SchemaText } from '../registry/schema-registry.ts';
import {
  type Compatibility,
  type CompatibilityQuestion,
  checkHistory,
  findReadFaults,
} from './check-history.ts';
import type { ReaderWriterFault } from './fault.ts';
import { findJsonSchemaFaults } from './json-schema-faults.ts';

/**
 * Checks a JSON Schema against previous versions: the reader schema must accept every value that the writer
 * schema accepts.
 *
 * Source: AWS Glue Developer Guide, "Schema versioning and compatibility": an optional property may be
 * added under BACKWARD only if the old schema has `additionalProperties: false`, and removed under FORWARD
 * only if the new one has. A value of an open schema may already have any other property, of any type.
 * Keywords whose meaning depends on others (`not`, `if`, `contains`, `unevaluatedProperties`, …) are compared together
 * with them. A verdict that cannot be proven, such as one about two different patterns, is incompatible.
 *
 * @throws InvalidSchemaError a definition is not JSON, has a keyword with an invalid value, or refers to a
 *   document that is not among its references
 */
export function checkJsonSchemaCompatibility(question: CompatibilityQuestion): Compatibility {
  return checkHistory(question, (schema) => parseJsonSchema(schema), findJsonSchemaFaults);
}

/**
 * Why some value of the writer schema is not valid in the reader schema.
 *
 * @param unnamed the drafts of a definition without `$schema`, in all of which the schemas must be compatible
 * @throws InvalidSchemaError as above
 */
export function findJsonSchemaReadFaults(
  reader: SchemaText,
  writer: SchemaText,
  unnamed: readonly Draft[],
): readonly ReaderWriterFault[] {
  return findReadFaults(
    [reader, writer],
    (schema) => parseJsonSchema(schema, unnamed),
    (one, other) => findJsonSchemaFaults(one, other, unnamed),
  );
}

function parseJsonSchema(
  { definition, references = [] }: SchemaText,
  // Glue's frame and Confluent's.
  unnamed: readonly Draft[] = ['04', '07'],
): JoinedSchema {
  let schema: unknown;
  try {
    schema = parseDefinition(definition);
  } catch (error) {
    throw invalidAt('', (error as Error).message);
  }
  if (typeof schema !== 'boolean' && !isObject(schema)) {
    throw invalidAt('', 'expected an object or a boolean');
  }
  const drafts = [...new Set(unnamed.map((one) => draftNamedIn(schema, one)))];
  const draft = drafts[0] ?? '04';
  return joinReferences(schema, references, drafts, (place) => {
    if (place.document.name !== undefined) return checkReferred(place, drafts);
    const part = place.node as Keywords;
    checkNames(part, place.pointer);
    if (hasIgnoredSiblings(part, draft)) return;
    const [fault, ...others] = drafts.map((one) => findKeywordFault(part, one));
    if (!fault || others.includes(undefined)) return;
    throw invalidAt(`${place.pointer}/${fault.place}`, `expected ${fault.expected}`);
  });
}

/**
 * Checks a part of a document that the definition refers to, in the draft that the document names.
 *
 * @param unnamed the drafts that the definition may have, one of which must accept the part if the document names none
 * @throws InvalidSchemaError
 */
function checkReferred(place: Place, unnamed: readonly Draft[]): void {
  const { document } = place;
  const named = draftNamedIn(document.root, undefined);
  let first: unknown;
  for (const draft of named === undefined ? unnamed : [named]) {
    try {
      checkPlace({ ...place, document: { ...document, draft } });
      return;
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}
