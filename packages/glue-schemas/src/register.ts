import { exitCodes, parseArguments } from '@order-stream/command-line';
import { printExactJson } from '@order-stream/serde';
import type { Command, Terminal } from './command.ts';
import { parseMode } from './compatibility-check.ts';
import { textOf } from './read-file.ts';
import { withRegistry } from './registry-connection.ts';
import { schemaFile } from './schema-file.ts';

const help = `glue-schemas register [flags] NAME FILE: register a schema file under a name

  --mode MODE   compatibility mode, if this creates the schema (default BACKWARD)
  --json        the version as one JSON object
  --help        this text

Registering the same definition again returns the same version. Exit code: 0 registered, 1 rejected by the registry.`;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    { mode: { type: 'string', default: 'BACKWARD' }, json: { type: 'boolean', default: false } },
    { min: 2, max: 2, expected: 'a name and a file' },
  );
  const [name, path] = words as [string, string];
  const { dataFormat } = schemaFile(path);
  const definition = textOf(path);
  const compatibility = parseMode('--mode', flags.mode);
  const schema = await withRegistry(terminal, { compatibility }, async (registry) =>
    registry.schemaByDefinition(name, dataFormat, definition),
  );
  const { definition: _, ...version } = schema;
  const number = version.versionNumber === undefined ? '' : ` version ${version.versionNumber}`;
  const id = version.schemaVersionId ?? version.schemaId;
  terminal.stdout.write(flags.json ? `${printExactJson(version)}\n` : `${name}${number}: ${id}\n`);
  return exitCodes.ok;
}

export const registerCommand: Command = {
  words: ['register'],
  summary: 'register a schema file under a name',
  help,
  run,
};
