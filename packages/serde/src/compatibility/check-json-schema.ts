import { InvalidSchemaError } from '../errors.ts';
import { parseExactJson } from '../exact-json.ts';
import { checkNames, invalidAt } from '../json-schema/check-definition.ts';
import { draftNamedIn } from '../json-schema/drafts.ts';
import { isObject } from '../json-schema/each-schema.ts';
import { eachUsedSchema } from '../json-schema/each-used-schema.ts';
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
 * to be equal.
 *
 * @throws InvalidSchemaError when one of the definitions is no JSON, or refers to another document
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
  eachUsedSchema(schema, draftNamedIn(schema, '04'), checkNames);
  return schema;
}
