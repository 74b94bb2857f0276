import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import type { Command, Terminal } from '../command.ts';
import { confirm } from './connection/confirm.ts';
import type { Database } from './connection/database.ts';
import {
  connectionFlags,
  connectionFlagsHelp,
  databaseSettings,
} from './connection/database-settings.ts';
import { createLogin } from './connection/login.ts';
import { withDatabase } from './connection/open-database.ts';
import { type Evolution, evolutions, isApplied } from './evolutions.ts';

const help = `orders db evolve NAME [flags]: change the columns of a sample table

  --list                 the names, without a connection
${connectionFlagsHelp}
  --yes                  change the table without a question
  --json                 the result as one JSON object
  --help                 this text

The command prints the SQL that it runs, and asks before it runs it. It can be repeated: a table that has
the change already is left alone. \`orders db setup\` creates the tables. A connector registers the new
schema with the next changed row.

add-employee-id changes ods.cdc_events in PostgreSQL, the others change person in MySQL. \`--list\` says
whether a registry with the compatibility BACKWARD accepts the new schema.

Exit code: 0 the table has the change, 1 otherwise, 2 wrong flags, 78 wrong environment, 130 stopped.`;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    {
      list: { type: 'boolean', default: false },
      ...connectionFlags,
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    { min: 0, max: 1, expected: 'the name of an evolution' },
  );
  const [name] = words;
  if (flags.list) return list(flags.json, terminal);
  const known = evolutions('').find((each) => each.name === name);
  if (known === undefined) {
    const names = evolutions('').map((each) => each.name);
    throw new UsageError(`expected one of ${names.join(', ')}${name ? `, not '${name}'` : ''}`);
  }
  const settings = databaseSettings(known.kind, flags, terminal.env);
  const evolution = evolutions(settings.dbname).find((each) => each.name === name) as Evolution;
  const login = await createLogin(settings, terminal);
  return withDatabase(login, terminal, (database) => evolve(database, evolution, flags, terminal));
}

async function evolve(
  database: Database,
  evolution: Evolution,
  { yes, json }: { yes: boolean; json: boolean },
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const { name, schema, table, column, addsColumn, statements } = evolution;
  const say = (line: string) => stderr.write(`orders db evolve: ${line}\n`);
  const end = (applied: boolean, code: number) => {
    if (json) stdout.write(`${JSON.stringify({ evolution: name, applied, statements })}\n`);
    return code;
  };
  if (await isApplied(database, evolution)) {
    const state = `${schema}.${table} already ${addsColumn ? 'has' : 'lacks'} the column ${column}`;
    if (!json) stdout.write(`nothing to do: ${state}\n`);
    return end(false, exitCodes.ok);
  }
  if (!json) for (const statement of statements) stdout.write(`${statement};\n`);
  if (!(yes || (await confirm(`Run this at ${database.place}?`, terminal)))) {
    say(`nothing was changed${terminal.stdin?.isTTY ? '' : ': pass --yes to change the table'}`);
    return end(false, exitCodes.failed);
  }
  // All or nothing in PostgreSQL. MySQL commits an ALTER TABLE by itself, and each evolution of it is one statement.
  const isTransaction = database.kind === 'postgresql';
  if (isTransaction) await database.run('BEGIN');
  for (const statement of statements) await database.run(statement);
  if (isTransaction) await database.run('COMMIT');
  return end(true, exitCodes.ok);
}

function list(json: boolean, { stdout }: Terminal): number {
  const all = evolutions('test_db').map(({ name, kind, summary, statements }) => ({
    ...{ name, kind, summary, statements },
  }));
  if (json) for (const each of all) stdout.write(`${JSON.stringify(each)}\n`);
  else
    for (const { name, kind, summary } of all)
      stdout.write(`${name.padEnd(20)} ${kind.padEnd(10)}  ${summary}\n`);
  return exitCodes.ok;
}

export const dbEvolveCommand: Command = {
  words: ['db', 'evolve'],
  summary: 'change the columns of a sample table',
  help,
  run,
};
