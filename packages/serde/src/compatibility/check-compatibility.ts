import type { ImportOptions } from '../protobuf/parse-proto.ts';
import type { DataFormat } from '../registry/schema-registry.ts';
import { checkAvroCompatibility } from './check-avro.ts';
import type { Compatibility, CompatibilityQuestion } from './check-history.ts';
import { checkJsonSchemaCompatibility } from './check-json-schema.ts';
import { checkProtobufCompatibility } from './check-protobuf.ts';

type Check = (question: CompatibilityQuestion, options: ImportOptions) => Compatibility;

const checks: Record<DataFormat, Check> = {
  AVRO: checkAvroCompatibility,
  JSON: checkJsonSchemaCompatibility,
  PROTOBUF: checkProtobufCompatibility,
};

/**
 * Checks a schema of a data format that is known at run time only.
 *
 * @param options for Protobuf: which files the definitions can import besides their references
 * @throws what the function of the data format throws: `InvalidAvroSchemaError` for Avro, else `InvalidSchemaError`
 */
export function checkCompatibility(
  dataFormat: DataFormat,
  question: CompatibilityQuestion,
  options: ImportOptions = {},
): Compatibility {
  return checks[dataFormat](question, options);
}
