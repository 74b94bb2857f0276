import type { Database } from '../connection/database.ts';
import { StoppedError } from '../connection/stopped-error.ts';
import type { DatabasePart } from './database-part.ts';

/**
 * Creates the parts: all or none in PostgreSQL, where definitions belong to the transaction. MySQL commits each statement, so
 * a run that ends early leaves the first parts, and the next run creates the others.
 *
 * @throws DatabaseRefusedError, DatabaseUnavailableError, StoppedError
 */
export async function createParts(
  database: Database,
  parts: readonly DatabasePart[],
  stop: AbortSignal,
): Promise<void> {
  const isTransaction = database.kind === 'postgresql';
  if (isTransaction) await database.run('BEGIN');
  for (const { name, statements } of parts) {
    // The end of the connection ends an open transaction without its changes.
    if (stop.aborted) throw new StoppedError(`stopped before ${name}`);
    for (const statement of statements) await database.run(statement);
  }
  if (isTransaction) await database.run('COMMIT');
}
