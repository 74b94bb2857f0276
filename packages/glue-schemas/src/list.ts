import { exitCodes, parseArguments, wholeNumber } from '@order-stream/command-line';
import type { Command, Terminal } from './command.ts';
import { withRegistry } from './registry-connection.ts';

const help = `glue-schemas list [flags]: the names of the registry's schemas, one per line

  --page-size N   names per request (1 to 100, default 100)
  --versions      print version numbers and mode as well, with two more requests per schema
  --json          one JSON object per line
  --help          this text`;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { flags } = parseArguments(argv, {
    'page-size': { type: 'string', default: '100' },
    versions: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const pageSize = wholeNumber('--page-size', flags['page-size'], { min: 1, max: 100 });
  const print = (entry: { name: string; mode?: string; versions?: number[] }) => {
    const { name, mode, versions } = entry;
    const text = versions ? `${name} ${mode} ${versions.join(',')}` : name;
    terminal.stdout.write(`${flags.json ? JSON.stringify(entry) : text}\n`);
  };
  await withRegistry(terminal, {}, async (registry) => {
    for await (const name of registry.schemaNames({ pageSize })) {
      // Its reader ended: a registry of thousands of schemas is not read to its end.
      if (terminal.stop.aborted) break;
      if (!flags.versions) print({ name });
      else {
        const mode = await registry.compatibilityOf(name);
        print({ name, mode, versions: await registry.versionNumbers(name) });
      }
    }
  });
  return exitCodes.ok;
}

export const listCommand: Command = {
  words: ['list'],
  summary: "the names of the registry's schemas",
  help,
  run,
};
