import { InvalidSchemaError } from '../errors.ts';
import { parseProto } from '../protobuf/parse-proto.ts';
import { type Compatibility, type CompatibilityQuestion, checkHistory } from './check-history.ts';
import { findProtobufFaults } from './protobuf-faults.ts';

/**
 * The compatibility of a Protobuf file with those before it. Locations are paths of names.
 *
 * Sources: AWS Glue Developer Guide, "Schema versioning and compatibility" (fields may be added and
 * removed; an RPC may be added under BACKWARD and removed under FORWARD), and the Protocol Buffers
 * Language Guide, "Updating A Message Type" (numbers, types that can be exchanged, oneofs, required).
 * Names of fields, of nested messages and of packages are not on the wire and may change.
 *
 * @throws InvalidSchemaError when one of the definitions is no .proto file
 */
export function checkProtobufCompatibility(question: CompatibilityQuestion): Compatibility {
  try {
    return checkHistory(question, (definition) => parseProto(definition), findProtobufFaults);
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidSchemaError('it nests too deeply to compare');
    throw error;
  }
}
