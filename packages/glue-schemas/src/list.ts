import { type Command, EXIT, parseWords, type Terminal, wholeNumber } from './command-line.ts';
import { withRegistry } from './registry-connection.ts';

const HELP = `glue-schemas list [flags]: the names of the registry's schemas, one a line

  --page-size N   names asked for at a time (1 to 100, default 100)
  --versions      with the numbers of their versions and their mode: two requests more for each
  --json          one JSON object a line
  --help          this text`;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { flags } = parseWords(
    argv,
    {
      'page-size': { type: 'string', default: '100' },
      versions: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    { min: 0, max: 0, what: 'no words' },
  );
  const pageSize = wholeNumber('--page-size', flags['page-size'], 1, 100);
  const print = (entry: { name: string; mode?: string; versions?: number[] }) => {
    const { name, mode, versions } = entry;
    const text = versions ? `${name} ${mode} ${versions.join(',')}` : name;
    terminal.stdout.write(`${flags.json ? JSON.stringify(entry) : text}\n`);
  };
  await withRegistry(terminal, {}, async (registry) => {
    for await (const name of registry.schemaNames({ pageSize })) {
      if (!flags.versions) print({ name });
      else {
        const mode = await registry.compatibilityOf(name);
        print({ name, mode, versions: await registry.versionNumbers(name) });
      }
    }
  });
  return EXIT.ok;
}

export const listCommand: Command = {
  word: 'list',
  summary: "the names of the registry's schemas",
  help: HELP,
  run,
};
