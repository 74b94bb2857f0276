import type { DataFormat } from '../registry/schema-registry.ts';
import { checkAvroCompatibility } from './check-avro.ts';
import type { Compatibility, CompatibilityQuestion } from './check-history.ts';
import { checkJsonSchemaCompatibility } from './check-json-schema.ts';
import { checkProtobufCompatibility } from './check-protobuf.ts';

const checks: Record<DataFormat, (question: CompatibilityQuestion) => Compatibility> = {
  AVRO: checkAvroCompatibility,
  JSON: checkJsonSchemaCompatibility,
  PROTOBUF: checkProtobufCompatibility,
};

/**
 * Checks a schema of a data format that is known at run time only.
 *
 * @throws what the function of the data format throws: `InvalidAvroSchemaError` for Avro, else `InvalidSchemaError`
 */
export function checkCompatibility(
  dataFormat: DataFormat,
  question: CompatibilityQuestion,
): Compatibility {
  return checks[dataFormat](question);
}
