import { parseAvro } from '@order-stream/serde';
import type { WriterSchema } from '../../delivery.ts';
import { compileAvroMembers, type MembersOf, untypedMembers } from './attribute-value.ts';
import { compileAvroEnvelope, type EnvelopeOf, jsonEnvelope } from './change-envelope.ts';

/** How the values of a schema are read. */
export interface ValueReader {
  readonly envelopeOf: EnvelopeOf | undefined;
  readonly membersOf: MembersOf;
  /** Whether the values are of a connector, so that a column may have Debezium's placeholder. */
  readonly hasPlaceholders: boolean;
}

const jsonReader: ValueReader = {
  envelopeOf: jsonEnvelope,
  membersOf: untypedMembers,
  hasPlaceholders: true,
};
const protobufReader: ValueReader = {
  envelopeOf: undefined,
  membersOf: untypedMembers,
  hasPlaceholders: false,
};

/** Everything that a schema decides is decided once, so that records of other schemas cost nothing. */
export function createValueReaders(): (schema: WriterSchema) => ValueReader {
  // A registry returns the same schema object for every record of a version.
  const compiled = new WeakMap<WriterSchema, ValueReader>();
  return (schema) => {
    let reader = compiled.get(schema);
    if (reader === undefined) {
      reader = compileReader(schema);
      compiled.set(schema, reader);
    }
    return reader;
  };
}

/** @throws InvalidAvroSchemaError when the definition is not an Avro schema */
function compileReader({ dataFormat, definition, references }: WriterSchema): ValueReader {
  if (dataFormat === 'JSON') return jsonReader;
  if (dataFormat !== 'AVRO') return protobufReader;
  const root = parseAvro(definition, { lenient: true, references });
  return {
    envelopeOf: compileAvroEnvelope(root),
    membersOf: compileAvroMembers(root),
    // Connect's converters write it for every record.
    hasPlaceholders: root.type === 'record' && root.properties.has('connect.name'),
  };
}
