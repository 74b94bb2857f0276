import { parseAvro } from '../avro/schema/parse-avro.ts';
import { type Compatibility, type CompatibilityQuestion, checkHistory } from './check-history.ts';
import { findIncompatibilities } from './reader-writer.ts';

/**
 * The compatibility of an Avro schema with those before it: the verdicts and reasons of Avro Java's own
 * `SchemaCompatibility`, which Glue's guide names for AVRO ("Schema versioning and compatibility").
 *
 * @throws InvalidAvroSchemaError when one of the definitions is no Avro schema
 */
export function checkAvroCompatibility(question: CompatibilityQuestion): Compatibility {
  return checkHistory(question, parseAvro, findIncompatibilities);
}
