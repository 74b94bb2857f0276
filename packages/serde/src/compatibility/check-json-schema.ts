import { InvalidSchemaError } from '../errors.ts';
import { parseExactJson } from '../json/exact-json.ts';
import { checkNames } from '../json-schema/check-definition.ts';
import { type Draft, draftNamedIn } from '../json-schema/drafts.ts';
import { isObject } from '../json-schema/each-schema.ts';
import { eachUsedSchema, isRefAlone, type VisitUsed } from '../json-schema/each-used-schema.ts';
import { invalidAt } from '../json-schema/invalid-at.ts';
import { findKeywordFault } from '../json-schema/keyword-fault.ts';
import { type Compatibility, type CompatibilityQuestion, checkHistory } from './check-history.ts';
import { findJsonSchemaFaults } from './json-schema-faults.ts';

/**
 * The compatibility of a JSON Schema with those before it: every value that the writer's schema takes
 * has to be taken by the reader's.
 *
 * Source: AWS Glue Developer Guide, "Schema versioning and compatibility": an optional property may be
 * added under BACKWARD only where the old schema has `additionalProperties: false`, and dropped under
 * FORWARD only where the new one has. A value of a schema that is open may have any other property
 * already, of any type. Keywords that the rule cannot be decided for (`not`, `if`, `contains`, …) have
 * to be equal, and so has a `oneOf` with branches that one value may fit two of.
 *
 * @throws InvalidSchemaError when one of the definitions is no JSON, has a keyword with what it cannot
 *   hold, or refers to another document
 */
export function checkJsonSchemaCompatibility(question: CompatibilityQuestion): Compatibility {
  try {
    return checkHistory(question, parseJsonSchema, findJsonSchemaFaults);
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidSchemaError('it nests too deeply to compare');
    throw error;
  }
}

function parseJsonSchema(definition: string): unknown {
  let schema: unknown;
  try {
    schema = parseExactJson(definition);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw invalidAt('', (error as Error).message);
  }
  if (typeof schema !== 'boolean' && !isObject(schema)) {
    throw invalidAt('', 'an object or a boolean was expected');
  }
  const draft = draftNamedIn(schema, '04');
  // Without `$schema` a definition is of 04 in Glue's frame, of 07 in Confluent's.
  const drafts: Draft[] = draftNamedIn(schema, '07') === draft ? [draft] : ['04', '07'];
  const check: VisitUsed = (part, pointer) => {
    checkNames(part, pointer);
    if (isRefAlone(part, draft)) return;
    const [fault, ...others] = drafts.map((one) => findKeywordFault(part, one));
    if (!fault || others.includes(undefined)) return;
    throw invalidAt(`${pointer}/${fault.place}`, `${fault.expected} was expected`);
  };
  eachUsedSchema(schema, draft, check);
  return schema;
}
