import type { ImportOptions } from '../protobuf/parse-proto.ts';
import type { DataFormat, SchemaText } from '../registry/schema-registry.ts';
import { canonicalAvro } from './canonical-avro.ts';
import { canonicalProtobuf } from './canonical-protobuf.ts';
import { schemaTextOf } from './check-history.ts';
import { definitionJson } from './definition-json.ts';

/**
 * Everything that makes a definition another version, as JSON: `changesOf` finds the differences between two of them. White
 * space, comments, the order of keys and, for Avro and Protobuf, the ways to write a name are not part of it. A JSON Schema
 * has its references in the member `$references`.
 *
 * @param options for Protobuf: which files the definition can import besides its references
 * @throws InvalidAvroSchemaError, InvalidSchemaError, JsonTextError
 */
export function comparableJson(
  dataFormat: DataFormat,
  schema: string | SchemaText,
  options: ImportOptions = {},
): unknown {
  if (dataFormat === 'AVRO') return definitionJson(canonicalAvro(schema));
  if (dataFormat === 'PROTOBUF') return definitionJson(canonicalProtobuf(schema, options));
  const { definition, references = [] } = schemaTextOf(schema);
  const whole = definitionJson(definition);
  if (references.length === 0) return whole;
  const named = references.map(({ name, definition: text }) => [name, definitionJson(text)]);
  return { ...(whole as object), $references: Object.fromEntries(named) };
}
