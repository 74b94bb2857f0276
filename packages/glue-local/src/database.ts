import { DatabaseSync } from 'node:sqlite';
import { namedError, openingError } from './database-error.ts';
import { findLayout, newestLayout, updateTables } from './table-layouts.ts';
import { blockWhileLocked } from './while-locked.ts';

export type Database = ReturnType<typeof openDatabase>;

/**
 * Opens the registry's database. Creates the tables in an empty one, and updates those of an older version.
 * @param file a path, or `:memory:`
 * @param lockWaitMs how long to wait for another process that has the file locked
 * @throws StorageFullError the file cannot grow
 * @throws DatabaseLockedError another process had the file locked for all of that time
 * @throws Error the file cannot be opened or is not a database, or its tables are those of another program or of a newer
 *   version of this one
 */
export function openDatabase(file: string, lockWaitMs = 5000) {
  const sqlite = opening(() => new DatabaseSync(file));
  const begin = sqlite.prepare('BEGIN');
  const commit = sqlite.prepare('COMMIT');
  /**
   * Runs `work`, which only reads, on one state of the database. It neither waits for writers nor holds them up.
   * @throws DatabaseLockedError while another process recovers the file after a crash
   */
  function read<Result>(work: () => Result): Result {
    begin.run();
    try {
      return work();
    } catch (error) {
      throw namedError(error);
    } finally {
      commit.run();
    }
  }

  /** Waits for the lock of another process. A database that cannot be used is closed. */
  function whileOpening(work: () => void): void {
    try {
      blockWhileLocked(() => opening(work), lockWaitMs);
    } catch (error) {
      sqlite.close();
      throw error;
    }
  }

  function opening<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw openingError(file, error);
    }
  }

  /**
   * Runs `work` in a write transaction. An error rolls the transaction back and is rethrown.
   * @throws StorageFullError the file cannot grow
   * @throws DatabaseLockedError at once and before `work`, while another process writes
   */
  function transaction<Result>(work: () => Result): Result {
    try {
      sqlite.exec('BEGIN IMMEDIATE');
      const result = work();
      sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite itself rolls back when the disk is full.
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
      throw namedError(error);
    }
  }

  // First of all, so that the file of another program is left as it is.
  whileOpening(() => read(() => findLayout(sqlite, file)));
  whileOpening(() => configure(sqlite));
  whileOpening(() => {
    // Tables that need no change need no lock either, which another process may hold.
    if (read(() => findLayout(sqlite, file)) === newestLayout) return;
    transaction(() => updateTables(sqlite, findLayout(sqlite, file)));
  });

  return {
    prepare: (sql: string) => sqlite.prepare(sql),
    transaction,
    read,
    close: () => sqlite.close(),
  };
}

/**
 * With WAL, committed changes survive a kill of the process. SQLite's own wait for a lock (busy_timeout) stays 0, because it
 * would block every request.
 */
function configure(sqlite: DatabaseSync): void {
  sqlite.exec('PRAGMA journal_mode = WAL');
  sqlite.exec('PRAGMA synchronous = NORMAL');
}
