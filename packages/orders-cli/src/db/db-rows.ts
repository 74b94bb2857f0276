import { exitCodes, parseArguments } from '@order-stream/command-line';
import type { Command, Terminal } from '../command.ts';
import { changeTable, quotedTable, readColumns } from './changes/change-table.ts';
import { rowLine } from './changes/row-line.ts';
import type { Database } from './connection/database.ts';
import {
  connectionFlags,
  connectionFlagsHelp,
  databaseKind,
  databaseSettings,
} from './connection/database-settings.ts';
import { createLogin } from './connection/login.ts';
import { withDatabase } from './connection/open-database.ts';
import { StoppedError } from './connection/stopped-error.ts';

const help = `orders db rows [flags]: print the rows of ods.cdc_events or person

  --kind KIND            postgresql or mysql (default postgresql)
${connectionFlagsHelp}
  --help                 this text

One line of JSON a row, by id, all of one moment. Integers have all their digits. Decimals, times (in
UTC), enums and JSON documents are texts as the database prints them.

Exit code: 0 all rows printed, 1 otherwise, 2 wrong flags, 78 wrong environment, 130 stopped.`;

const pageRows = 1000;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { flags } = parseArguments(argv, {
    kind: { type: 'string', default: 'postgresql' },
    ...connectionFlags,
  });
  const settings = databaseSettings(databaseKind(flags.kind), flags, terminal.env);
  const login = await createLogin(settings, terminal);
  return withDatabase(login, terminal, (database) =>
    printRows(database, settings.dbname, terminal),
  );
}

async function printRows(
  database: Database,
  dbname: string,
  { stdout, stop }: Terminal,
): Promise<number> {
  const table = changeTable(database.kind, dbname);
  await database.run(
    database.kind === 'postgresql'
      ? 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'
      : 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
  );
  const columns = await readColumns(database, table);
  let last: string | undefined;
  for (;;) {
    if (stop.aborted) throw new StoppedError('stopped before all rows were printed');
    const after = last === undefined ? '' : `WHERE id > ${BigInt(last)} `;
    const { rows } = await database.run(
      `SELECT * FROM ${quotedTable(database, table)} ${after}ORDER BY id LIMIT ${pageRows}`,
    );
    for (const row of rows) stdout.write(`${rowLine(columns, row)}\n`);
    if (rows.length < pageRows) return exitCodes.ok;
    last = rows.at(-1)?.id ?? undefined;
  }
}

export const dbRowsCommand: Command = {
  words: ['db', 'rows'],
  summary: 'print the rows of the table that changes',
  help,
  run,
};
