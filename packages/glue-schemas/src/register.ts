import { existsSync } from 'node:fs';
import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import { inlineReferences, printExactJson } from '@order-stream/serde';
import type { Command, Terminal } from './command.ts';
import { parseMode } from './compatibility-check.ts';
import { SchemaFileError } from './read-file.ts';
import { type RegisteredReference, registerWithReferences } from './register-references.ts';
import { withRegistry } from './registry-connection.ts';
import { schemaFile } from './schema-file.ts';
import type { ReadSchema } from './schema-reader/schema-reader.ts';
import { readSchema, sourceFlags, sourceHelp, sourcesOf } from './schema-sources.ts';
import { parseVersionName } from './schema-version.ts';

const help = `glue-schemas register [flags] NAME FILE: register a schema file under a name

  --mode MODE   compatibility mode, if this creates the schema (default BACKWARD)
  --json        the version as one JSON object
  --help        this text

A schema in several files:
${sourceHelp}
  --references NAME=SUBJECT@VERSION
                           a version that a Confluent-compatible registry has already

A Confluent-compatible registry gets the other files first, each under the name by which it is referred to, as
Confluent's serializers do. A Glue registry has no references: the types of other .avsc files are written into the
definition, and .proto and .json files that refer to others are refused.

Registering the same definition again returns the same version. Exit code: 0 registered, 1 rejected by the registry.`;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    {
      mode: { type: 'string', default: 'BACKWARD' },
      json: { type: 'boolean', default: false },
      ...sourceFlags,
    },
    { min: 2, max: 2, expected: 'a name and a file' },
  );
  const [name, path] = words as [string, string];
  if (name === '') throw new UsageError('expected a name, got an empty one');
  const { dataFormat } = schemaFile(path);
  const compatibility = parseMode('--mode', flags.mode);
  const [files, versions] = splitReferences(flags.references ?? []);
  const read = await readSchema(path, sourcesOf({ ...flags, references: files }));
  const known: Record<string, RegisteredReference[]> = {};
  const options = { compatibility, references: known };
  const schema = await withRegistry(terminal, options, async (registry) => {
    if (registry.framing === 'confluent')
      return await registerWithReferences(registry, known, name, { ...read, dataFormat }, versions);
    if (versions.length > 0)
      throw new UsageError('--references NAME=SUBJECT@VERSION needs SCHEMA_REGISTRY=confluent');
    const definition = wholeDefinition(path, dataFormat, read);
    return await registry.schemaByDefinition(name, dataFormat, definition);
  });
  const { definition: _, ...version } = schema;
  const number = version.versionNumber === undefined ? '' : ` version ${version.versionNumber}`;
  const id = version.schemaVersionId ?? version.schemaId;
  terminal.stdout.write(flags.json ? `${printExactJson(version)}\n` : `${name}${number}: ${id}\n`);
  return exitCodes.ok;
}

/** `NAME=FILE` and `NAME=SUBJECT@VERSION`. */
function splitReferences(texts: readonly string[]): [string[], RegisteredReference[]] {
  const files: string[] = [];
  const versions: RegisteredReference[] = [];
  for (const text of texts) {
    const at = text.lastIndexOf('=');
    const value = text.slice(at + 1);
    if (at <= 0 || existsSync(value) || !value.includes('@')) files.push(text);
    else {
      const [subject, version] = parseVersionName(value);
      if (version === 'latest')
        throw new UsageError(`--references ${text}: expected the number of a version`);
      versions.push({ name: text.slice(0, at), subject, version });
    }
  }
  return [files, versions];
}

/** A definition for a registry without references. */
function wholeDefinition(
  path: string,
  dataFormat: string,
  { definition, references }: ReadSchema,
): string {
  if (dataFormat === 'AVRO') return inlineReferences(definition, references);
  if (references.length === 0) return definition;
  const names = references.map((reference) => reference.name).join(', ');
  throw new SchemaFileError(
    `${path} refers to ${names}: a Glue registry has no references; write these types into the file, or use SCHEMA_REGISTRY=confluent`,
  );
}

export const registerCommand: Command = {
  words: ['register'],
  summary: 'register a schema file under a name',
  help,
  run,
};
