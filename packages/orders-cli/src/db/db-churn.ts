import { exitCodes } from '@order-stream/command-line';
import type { Command, Terminal } from '../command.ts';
import { showProgress } from '../progress-line.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { systemClock } from '../system-clock.ts';
import { changeTable } from './changes/change-table.ts';
import { createChangeTally, formatChanges } from './changes/change-tally.ts';
import { type ChurnOptions, churnOptions } from './changes/churn-options.ts';
import { createKnownRows, readRevisions } from './changes/known-rows.ts';
import { runChanges } from './changes/run-changes.ts';
import { type Database, DatabaseUnavailableError } from './connection/database.ts';
import { connectionFlagsHelp } from './connection/database-settings.ts';
import { createLogin } from './connection/login.ts';
import { openDatabase } from './connection/open-database.ts';
import { limitStatements } from './connection/statement-limit.ts';
import { StoppedError } from './connection/stopped-error.ts';

const help = `orders db churn [flags]: insert, update and delete rows of ods.cdc_events or person

  --kind KIND            postgresql or mysql (default postgresql)
${connectionFlagsHelp}
  --changes N            stop after N applied changes
  --for SECONDS          stop after this time; 0: on SIGTERM, SIGINT or SIGHUP (default 60)
  --rate N               changes per second on a fixed schedule; 0: one after the other (default 10)
  --keys N               the rows have the ids 1 to N (default 1000)
  --seed TEXT            the same seed makes the same changes of the same table
                         (default: a new one, printed)
  --json                 the summary as one JSON object
  --help                 this text

A key without a row is inserted, also again after its deletion; a row is updated (four of five) or
deleted. Each change is one statement and one transaction, and raises the row's revision. Columns are
read from the table, so the command goes on while \`orders db evolve\` changes them.

A lost connection ends the run, or is made again within --wait, or with --for 0 at any time. A change
whose answer was lost is looked up then by the row's revision, and counted as applied or not: no change
is applied twice. At the end the command compares the revisions with those in the table.

Exit code: 0 all changes applied and the table as expected, 1 otherwise, 2 wrong flags,
78 wrong environment, 130 stopped before --changes or --for.`;

const statementLimitMs = 30_000;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const options = churnOptions(argv, terminal.env);
  const login = await createLogin(options.settings, terminal);
  const connect = async () =>
    limitStatements(await openDatabase(login, options.waitMs, terminal), statementLimitMs);
  return churn(options, connect, terminal);
}

async function churn(
  options: ChurnOptions,
  connect: () => Promise<Database>,
  terminal: Terminal,
): Promise<number> {
  const { settings, seed, keys, limit, json } = options;
  const { kind, dbname } = settings;
  const table = changeTable(kind, dbname);
  const { rows, tally } = { rows: createKnownRows(), tally: createChangeTally() };
  let database = await connect();
  for (const [id, revision] of await readRevisions(database, table, 1, keys))
    rows.set(id, revision);

  const startedMs = systemClock.nowMs();
  const seconds = () => Math.round(systemClock.nowMs() - startedMs) / 1000;
  const progress = showProgress(terminal.stderr, () => formatChanges(tally.summary(), seconds()));
  const fault = await runChanges(
    {
      ...{ table, keys, rows, tally, limit, rate: options.rate, stop: terminal.stop },
      random: createSeededRandom(seed),
      clock: systemClock,
      async reconnect(lost) {
        if (options.waitMs === 0) throw lost;
        progress.clear();
        terminal.stderr.write(`orders db churn: ${lost.message}; connecting again\n`);
        return connect();
      },
    },
    database,
  ).then(
    (last) => {
      database = last;
      return undefined;
    },
    (error: Error) => error,
  );
  const elapsed = seconds();
  progress.end();
  const isStopped = fault instanceof StoppedError;
  if (fault !== undefined && !isStopped)
    terminal.stderr.write(`orders db churn: ${fault.message}\n`);
  const inTable =
    fault === undefined
      ? await readRevisions(database, table, 1, keys).catch(unavailable)
      : undefined;
  database.close();
  const differences = inTable && rows.differences(inTable);
  const summary = { ...tally.summary(), rows: inTable?.size ?? null };
  terminal.stdout.write(
    json
      ? `${JSON.stringify({ kind, table: `${table.schema}.${table.table}`, seed, keys, ...summary, differences: differences ?? null, elapsed_seconds: elapsed })}\n`
      : `${formatChanges(summary, elapsed)}\n${rowsText(summary.rows, differences)}\nseed ${seed}\n`,
  );
  const isComplete =
    limit.changes === undefined
      ? !terminal.stop.aborted || limit.durationMs === Number.POSITIVE_INFINITY
      : tally.changes() >= limit.changes;
  if ((fault !== undefined && !isStopped) || tally.unknown.unresolved > 0) return exitCodes.failed;
  if (differences !== undefined && differences > 0) return exitCodes.failed;
  return isComplete ? exitCodes.ok : exitCodes.interrupted;
}

/** The database went away after the last change. */
function unavailable(error: unknown): undefined {
  if (!(error instanceof DatabaseUnavailableError)) throw error;
}

const rowsText = (rows: number | null, differences: number | undefined): string =>
  rows === null
    ? 'the table could not be read at the end'
    : `${rows} rows with these keys, ${differences} of them not as expected`;

export const dbChurnCommand: Command = {
  words: ['db', 'churn'],
  summary: 'insert, update and delete rows of a sample table',
  help,
  run,
};
