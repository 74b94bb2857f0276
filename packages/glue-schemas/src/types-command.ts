import { existsSync } from 'node:fs';
import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import type { Representation } from '@order-stream/serde';
import { avroCodecFile } from './avro-codec-file.ts';
import type { Command, Terminal } from './command.ts';
import { definitionError } from './definition-error.ts';
import { SchemaFileError, textOf, writeText } from './read-file.ts';
import {
  representationFlags,
  representationHelp,
  representationOf,
} from './representation-flags.ts';
import { isSchemaPath, schemaFile } from './schema-file.ts';
import { readSchema, type Sources, sourceFlags, sourceHelp, sourcesOf } from './schema-sources.ts';
import { typescriptOfAvro } from './typescript-of-avro.ts';

const help = `glue-schemas types [flags] FILE: a TypeScript module with the types of an Avro schema's values, as @order-stream/serde
decodes them, and a value that reads and writes exactly these types

  --out FILE               write to this file instead of stdout
  --check                  write nothing; exit code 1 when the --out file is not up to date
  --types-only             without the value, so that the module imports nothing
${representationHelp}
  --help                   this text

There are no types of JSON Schemas and .proto files: write the type, and pass it as createDeserializer<Type>(…).

A schema in several files:
${sourceHelp}`;

async function run(argv: string[], { stdout, stderr }: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    {
      out: { type: 'string' },
      check: { type: 'boolean', default: false },
      'types-only': { type: 'boolean', default: false },
      ...representationFlags,
      ...sourceFlags,
    },
    { min: 1, max: 1, expected: 'one file' },
  );
  const [path] = words as [string];
  if (schemaFile(path).dataFormat !== 'AVRO')
    throw new SchemaFileError(
      `${path}: there are types of Avro schemas only (.avsc): write the type, and pass it as createDeserializer<Type>(…)`,
    );
  const types = await typesFileOf(path, {
    sources: sourcesOf(flags),
    typesOnly: flags['types-only'],
    representation: representationOf(flags),
  });
  const { out } = flags;
  if (out !== undefined && existsSync(out) && isSchemaPath(out))
    throw new UsageError(`--out ${out}: is a schema file, which would be overwritten`);
  if (flags.check) {
    if (out === undefined) throw new UsageError('--check requires --out');
    if (existsSync(out) && textOf(out) === types) return exitCodes.ok;
    stderr.write(`${out} is not up to date with ${path}: run without --check\n`);
    return exitCodes.failed;
  }
  if (out === undefined) stdout.write(types);
  else writeText(out, types);
  return exitCodes.ok;
}

/** What `glue-schemas types` writes. */
export interface TypesFileOptions {
  /** Where the files are that the schema refers to. Default: the folder of the file. */
  sources?: Sources;
  /** Whether the module has only types, and imports nothing. Default `false`. */
  typesOnly?: boolean;
  /** How values are represented. Default: as `avroFormat` does without options. */
  representation?: Representation;
}

/**
 * The whole file that `glue-schemas types` writes for a schema file.
 *
 * @throws SchemaFileError the file cannot be read, or is not an Avro schema
 */
export async function typesFileOf(path: string, options: TypesFileOptions = {}): Promise<string> {
  const { sources = sourcesOf({}), typesOnly = false, representation = {} } = options;
  const name = path.split(/[\\/]/).at(-1);
  const schema = await readSchema(path, sources);
  try {
    const content = typesOnly
      ? typescriptOfAvro(schema.definition, schema.references, representation)
      : avroCodecFile(schema, representation);
    return `// Generated from ${name} by \`glue-schemas types\`. Do not edit.\n\n${content}`;
  } catch (error) {
    throw definitionError(path, error as Error);
  }
}

export const typesCommand: Command = {
  words: ['types'],
  summary: "TypeScript types of an Avro schema's values, and a typed codec",
  help,
  run,
};
