import { exitCodes, parseArguments, UsageError, wholeNumber } from '@order-stream/command-line';
import { printExactJson } from '@order-stream/serde';
import type { Command, Terminal } from './command.ts';
import { withRegistry } from './registry-connection.ts';
import { parseVersionName } from './schema-version.ts';

const help = `glue-schemas get [flags] NAME[@VERSION]: the definition of a version, byte for byte

  NAME@VERSION   a number or latest (default latest)
  --id ID        the id from a record instead of a name: UUID, or the number of a Confluent-compatible registry
  --json         all fields of the version, as one JSON object
  --help         this text`;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    { id: { type: 'string' }, json: { type: 'boolean', default: false } },
    { min: 0, max: 1, expected: 'a name' },
  );
  const [text] = words;
  const { id } = flags;
  if ((text === undefined) === (id === undefined)) throw new UsageError('expected a name or --id');
  const version = text === undefined ? undefined : parseVersionName(text);
  const schema = await withRegistry(terminal, {}, async (registry) => {
    if (version) return await registry.schemaVersion(...version);
    return await registry.schemaById(parseId(id as string, registry.framing));
  });
  terminal.stdout.write(flags.json ? `${printExactJson(schema)}\n` : schema.definition);
  return exitCodes.ok;
}

function parseId(id: string, framing: 'glue' | 'confluent'): string {
  if (framing === 'glue') {
    if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) return id.toLowerCase();
    throw new UsageError(`--id: expected a UUID, got '${id}'`);
  }
  return String(wholeNumber('--id', id, { min: 0, max: 2 ** 32 - 1 }));
}

export const getCommand: Command = {
  words: ['get'],
  summary: 'the definition of a version',
  help,
  run,
};
