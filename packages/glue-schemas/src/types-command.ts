import { existsSync } from 'node:fs';
import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import type { Command, Terminal } from './command.ts';
import { SchemaFileError, textOf, writeText } from './read-file.ts';
import { schemaFile } from './schema-file.ts';
import { readSchema, sourceFlags, sourceHelp, sourcesOf } from './schema-sources.ts';
import { typescriptOfAvro } from './typescript-of-avro.ts';

const help = `glue-schemas types [flags] FILE: TypeScript types of an Avro schema's values, as @order-stream/serde decodes them

  --out FILE   write to this file instead of stdout
  --check      write nothing; exit code 1 when the --out file is not up to date
  --help       this text

A schema in several files:
${sourceHelp}`;

async function run(argv: string[], { stdout, stderr }: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    { out: { type: 'string' }, check: { type: 'boolean', default: false }, ...sourceFlags },
    { min: 1, max: 1, expected: 'one file' },
  );
  const [path] = words as [string];
  if (schemaFile(path).dataFormat !== 'AVRO')
    throw new SchemaFileError(`${path}: expected an .avsc file`);
  const types = await typesFileOf(path, sourcesOf(flags));
  const { out } = flags;
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

/** The whole file that `glue-schemas types` writes for a schema file. */
export async function typesFileOf(path: string, sources = sourcesOf({})): Promise<string> {
  const name = path.split(/[\\/]/).at(-1);
  const { definition, references } = await readSchema(path, sources);
  const types = typescriptOfAvro(definition, references);
  return `// Generated from ${name} by \`glue-schemas types\`. Do not edit.\n\n${types}`;
}

export const typesCommand: Command = {
  words: ['types'],
  summary: "TypeScript types of an Avro schema's values",
  help,
  run,
};
