import { readFileSync } from 'node:fs';
import { ConfigError } from '@order-stream/runtime';
import {
  compileAvro,
  InvalidAvroSchemaError,
  parseAvro,
  type ReaderSchemaChoice,
  ReaderSchemaMismatchError,
  type RegisteredSchema,
} from '@order-stream/serde';

/** Which schema Avro values are resolved to. */
export type ReaderSchemaSetting = 'writer' | 'latest' | RegisteredSchema;

/**
 * The meaning of `READER_SCHEMA`: one of the two words, or the path of a file with an Avro definition.
 *
 * @throws ConfigError the file cannot be read, or is not an Avro schema
 */
export function readerSchemaSetting(text = 'writer'): ReaderSchemaSetting {
  if (text === 'writer' || text === 'latest') return text;
  const fault = (problem: string) => new ConfigError([{ variable: 'READER_SCHEMA', problem }]);
  let definition: string;
  try {
    // Drops a byte order mark, as Java's `Schema.Parser.parse(File)` does.
    definition = new TextDecoder().decode(readFileSync(text));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw fault(`must be writer, latest or a file that can be read (${code})`);
  }
  try {
    compileAvro(definition, { readerDefinition: definition });
  } catch (error) {
    throw fault(`must name a file with an Avro schema: ${(error as Error).message}`);
  }
  return Object.freeze({ dataFormat: 'AVRO', definition });
}

/**
 * Resolves every record to this schema. Avro Java does not compare the names of records, so a record of another type whose
 * fields all have defaults would become a record of defaults. Here it is refused, as the specification prescribes.
 */
export function readerSchemaFromFile(reader: RegisteredSchema): ReaderSchemaChoice {
  const known = recordNames(reader);
  return (writer) => {
    const [name] = recordNames(writer);
    if (name === undefined || known.length === 0 || known.includes(name)) return reader;
    throw new ReaderSchemaMismatchError(`the record is of type ${name}, the reader ${known[0]}`);
  };
}

/** The name of a record without its namespace, and its aliases. Empty for another type or an invalid definition. */
function recordNames({ definition, references }: RegisteredSchema): string[] {
  try {
    const schema = parseAvro(definition, { lenient: true, references });
    if (schema.type !== 'record') return [];
    return [schema.name, ...schema.aliases.map((alias) => alias.slice(alias.lastIndexOf('.') + 1))];
  } catch (error) {
    // The record is refused when its schema is compiled.
    if (error instanceof InvalidAvroSchemaError) return [];
    throw error;
  }
}
