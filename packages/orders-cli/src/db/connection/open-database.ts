import { performance } from 'node:perf_hooks';
import type { Terminal } from '../../command.ts';
import { systemClock } from '../../system-clock.ts';
import { type Database, DatabaseUnavailableError } from './database.ts';
import type { Login } from './login.ts';
import { StoppedError } from './stopped-error.ts';

const retryMs = 500;

/**
 * Connects. Waits up to `waitMs` for a database that does not answer, and says so once.
 *
 * @throws DatabaseRefusedError, DatabaseUnavailableError, StoppedError
 */
export async function openDatabase(
  login: Login,
  waitMs: number,
  { stderr, stop }: Terminal,
): Promise<Database> {
  const deadlineMs = performance.now() + waitMs;
  for (let isReported = false; ; isReported = true) {
    if (stop.aborted) throw new StoppedError(`stopped before ${login.place} answered`);
    try {
      return await connect(login);
    } catch (error) {
      const isOver = performance.now() >= deadlineMs;
      if (isOver || !(error instanceof DatabaseUnavailableError)) throw error;
      if (!isReported) stderr.write(`orders db: ${error.message}; waiting for the database\n`);
    }
    await systemClock.sleepUntil(Math.min(performance.now() + retryMs, deadlineMs), stop);
  }
}

/** Runs `use` with a connection, and ends the connection. */
export async function withDatabase<T>(
  login: Login,
  terminal: Terminal,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(login, login.waitMs, terminal);
  try {
    return await use(database);
  } finally {
    database.close();
  }
}

/** A command loads only the driver that it needs. */
async function connect(login: Login): Promise<Database> {
  if (login.kind === 'mysql') return (await import('./mysql.ts')).openMysql(login);
  return (await import('./postgresql.ts')).openPostgresql(login);
}
