import { parseAvro } from '../avro/schema/parse-avro.ts';
import { type Compatibility, type CompatibilityQuestion, checkHistory } from './check-history.ts';
import { findIncompatibilities } from './reader-writer.ts';

/**
 * Checks an Avro schema against previous versions, with the verdicts and reasons of Avro Java's
 * `SchemaCompatibility`, which Glue's guide names for AVRO ("Schema versioning and compatibility").
 *
 * @throws InvalidAvroSchemaError a definition is not an Avro schema
 */
export function checkAvroCompatibility(question: CompatibilityQuestion): Compatibility {
  return checkHistory(
    question,
    ({ definition, references }) => parseAvro(definition, { references }),
    findIncompatibilities,
  );
}
