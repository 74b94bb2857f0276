import { type ImportOptions, parseProto } from '../protobuf/parse-proto.ts';
import { type Compatibility, type CompatibilityQuestion, checkHistory } from './check-history.ts';
import { findProtobufFaults } from './protobuf-faults.ts';

/**
 * Checks a .proto file against previous versions. Locations are paths of names.
 *
 * Sources: AWS Glue Developer Guide, "Schema versioning and compatibility" (fields may be added and
 * removed; an RPC may be added under BACKWARD and removed under FORWARD), and the Protocol Buffers
 * Language Guide, "Updating A Message Type" (numbers, compatible types, oneofs, required). Names of fields,
 * nested messages and packages are not on the wire and may change.
 *
 * @param options which files the definitions can import besides their references
 * @throws InvalidSchemaError a definition is not a .proto file
 */
export function checkProtobufCompatibility(
  question: CompatibilityQuestion,
  options: ImportOptions = {},
): Compatibility {
  return checkHistory(
    question,
    ({ definition, references }) => parseProto(definition, references, options),
    findProtobufFaults,
  );
}
