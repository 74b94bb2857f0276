import { findReadFaults } from '../compatibility/check-history.ts';
import { findIncompatibilities } from '../compatibility/reader-writer.ts';
import type { SchemaText } from '../registry/schema-registry.ts';
import { usableDefaultBody } from './schema/default-body.ts';
import type { AvroSchema, NamedSchema } from './schema/model.ts';
import { parseAvro } from './schema/parse-avro.ts';

/**
 * Why some value of the writer schema cannot be read with the reader schema. Takes every definition that can be written.
 *
 * @throws InvalidAvroSchemaError
 */
export function findAvroReadFaults(reader: SchemaText, writer: SchemaText) {
  return findReadFaults([reader, writer], parse, (one, other) => findIncompatibilities(one, other));
}

function parse({ definition, references }: SchemaText): AvroSchema {
  const sources = new Map<NamedSchema, never>();
  const schema = parseAvro(definition, { lenient: true, references, sources });
  for (const named of sources.keys()) if (named.type === 'record') dropUnusableDefaults(named);
  return schema;
}

/** A default that is not a value of its type counts as none, as it does when records are written. */
function dropUnusableDefaults({ fields = [] }: NamedSchema & { type: 'record' }): void {
  for (const field of fields) {
    const { schema, defaultValue } = field;
    if (defaultValue !== undefined && !usableDefaultBody(schema, defaultValue))
      field.defaultValue = undefined;
  }
}
