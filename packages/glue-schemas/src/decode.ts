import { buffer } from 'node:stream/consumers';
import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import {
  avroFormat,
  createDeserializer,
  type Deserialized,
  peek,
  printExactJson,
  type RegisteredSchema,
  type SchemaRegistry,
} from '@order-stream/serde';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';
import { protobufFormat } from '@order-stream/serde/protobuf';
import type { Command, Terminal } from './command.ts';
import { bytesOf, SchemaFileError } from './read-file.ts';
import { withRegistry } from './registry-connection.ts';
import { schemaFile } from './schema-file.ts';
import { readSchema, type Sources, sourceFlags, sourceHelp, sourcesOf } from './schema-sources.ts';

const help = `glue-schemas decode [flags] [FILE]: a record's value as JSON

  FILE            the bytes of one record; stdin when neither FILE nor --hex nor --base64 is given
  --hex TEXT      the bytes as hexadecimal digits, white space allowed
  --base64 TEXT   the bytes as base64
  --schema FILE   decode with this schema instead of a registry's
  --json          one JSON object with the schema version and the value
  --help          this text

With --schema, a schema in several files:
${sourceHelp}

The first byte selects the registry: 3 Glue, 0 Confluent-compatible. Integers are printed with all their digits, bytes
as base64. Exit code: 0 decoded, 1 not decoded.`;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    {
      hex: { type: 'string' },
      base64: { type: 'string' },
      schema: { type: 'string' },
      json: { type: 'boolean', default: false },
      ...sourceFlags,
    },
    { min: 0, max: 1, expected: 'at most one file' },
  );
  const sources = [words[0], flags.hex, flags.base64].filter((source) => source !== undefined);
  if (sources.length > 1) throw new UsageError('expected one of FILE, --hex and --base64');
  const bytes = await readBytes(words[0], flags, terminal);
  const decoded = await decode(bytes, flags.schema, sourcesOf(flags, peek(bytes).frame), terminal);
  const { definition: _, references: __, ...schema } = decoded.schema;
  const output = flags.json ? { schema, value: decoded.value } : decoded.value;
  terminal.stdout.write(`${printExactJson(output)}\n`);
  return exitCodes.ok;
}

async function decode(
  bytes: Buffer,
  schemaPath: string | undefined,
  sources: Sources,
  terminal: Terminal,
): Promise<Deserialized> {
  const { frame } = peek(bytes);
  const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat()];
  const read = (registry: SchemaRegistry) =>
    createDeserializer({ registry, formats }).deserialize(bytes);
  if (schemaPath === undefined) return await withRegistry(terminal, { kind: frame }, read);
  const { dataFormat } = schemaFile(schemaPath);
  const { definition, references } = await readSchema(schemaPath, sources);
  const schema: RegisteredSchema = { dataFormat, definition, references };
  return await read({
    framing: frame,
    schemaById: async () => schema,
    schemaByDefinition: async () => schema,
  });
}

async function readBytes(
  file: string | undefined,
  { hex, base64 }: { hex?: string | undefined; base64?: string | undefined },
  { stdin }: Terminal,
): Promise<Buffer> {
  if (hex !== undefined) {
    const digits = hex.replaceAll(/\s/g, '');
    if (!/^([0-9a-f]{2})*$/i.test(digits))
      throw new UsageError('--hex: expected pairs of hexadecimal digits');
    return Buffer.from(digits, 'hex');
  }
  if (base64 !== undefined) {
    if (!/^[A-Za-z0-9+/_\s-]*={0,2}\s*$/.test(base64))
      throw new UsageError('--base64: expected base64');
    return Buffer.from(base64, 'base64');
  }
  if (file !== undefined) return bytesOf(file);
  try {
    return await buffer(stdin);
  } catch (error) {
    throw new SchemaFileError(`standard input: ${(error as Error).message}`);
  }
}

export const decodeCommand: Command = {
  words: ['decode'],
  summary: "a record's value as JSON",
  help,
  run,
};
