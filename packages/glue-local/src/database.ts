import { DatabaseSync } from 'node:sqlite';
import { namedError, openingError } from './database-error.ts';
import { blockWhileLocked } from './while-locked.ts';

/** The changes that make the tables, in order: a database of layout n has had the first n. Released ones are not edited. */
const layouts = [
  `CREATE TABLE registries (
      name TEXT PRIMARY KEY, description TEXT, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE schemas (
      registry TEXT NOT NULL REFERENCES registries, name TEXT NOT NULL, data_format TEXT NOT NULL,
      compatibility TEXT NOT NULL, description TEXT, checkpoint INTEGER NOT NULL,
      created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
      PRIMARY KEY (registry, name)
    ) STRICT;
    CREATE TABLE versions (
      id TEXT PRIMARY KEY, registry TEXT NOT NULL, schema TEXT NOT NULL, number INTEGER NOT NULL,
      definition TEXT NOT NULL, fingerprint TEXT NOT NULL, verdict TEXT NOT NULL,
      settled_ms INTEGER NOT NULL, incompatibilities TEXT NOT NULL, created_ms INTEGER NOT NULL,
      UNIQUE (registry, schema, number), UNIQUE (registry, schema, fingerprint),
      FOREIGN KEY (registry, schema) REFERENCES schemas
    ) STRICT;
    CREATE TABLE metadata (
      version_id TEXT NOT NULL REFERENCES versions, key TEXT NOT NULL, value TEXT NOT NULL,
      created_ms INTEGER NOT NULL,
      UNIQUE (version_id, key, value)
    ) STRICT;
    CREATE TABLE tags (
      arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)
    ) STRICT;`,
  // Deletion: a deleted row is shown as DELETING from deleted_ms until gone_ms, then removed.
  `
    ALTER TABLE registries ADD COLUMN deleted_ms INTEGER;
    ALTER TABLE registries ADD COLUMN gone_ms INTEGER;
    ALTER TABLE schemas ADD COLUMN deleted_ms INTEGER;
    ALTER TABLE schemas ADD COLUMN gone_ms INTEGER;
    ALTER TABLE versions ADD COLUMN deleted_ms INTEGER;
    ALTER TABLE versions ADD COLUMN gone_ms INTEGER;
    CREATE INDEX registries_deleted ON registries (gone_ms) WHERE gone_ms IS NOT NULL;
    CREATE INDEX schemas_deleted ON schemas (gone_ms) WHERE gone_ms IS NOT NULL;
    CREATE INDEX versions_deleted ON versions (gone_ms) WHERE gone_ms IS NOT NULL;
    ALTER TABLE schemas ADD COLUMN last_number INTEGER NOT NULL DEFAULT 0;
    UPDATE schemas SET last_number = (SELECT coalesce(max(number), 0) FROM versions
      WHERE versions.registry = schemas.registry AND versions.schema = schemas.name);
  `,
  // How many reasons there are against a version; `incompatibilities` has the first of them. The index finds and counts the
  // versions with which a new one is compared: without it, SQLite reads the text of every version to know its verdict.
  `
    ALTER TABLE versions ADD COLUMN incompatibility_count INTEGER NOT NULL DEFAULT 0;
    UPDATE versions SET incompatibility_count = json_array_length(incompatibilities) WHERE verdict = 'FAILURE';
    CREATE INDEX versions_accepted ON versions (registry, schema, number, gone_ms, verdict)
      WHERE gone_ms IS NULL AND verdict = 'AVAILABLE';
  `,
];

export type Database = ReturnType<typeof openDatabase>;

/**
 * Opens the registry's database. Creates the tables in an empty one, and updates those of an older version.
 * @param file a path, or `:memory:`
 * @param lockWaitMs how long to wait for another process that has the file locked
 * @throws StorageFullError the file cannot grow
 * @throws DatabaseLockedError another process had the file locked for all of that time
 * @throws Error the file cannot be opened or is not a database, or its tables are those of a newer version of this program
 */
export function openDatabase(file: string, lockWaitMs = 5000) {
  const sqlite = opening(() => new DatabaseSync(file));
  whileOpening(() => configure(sqlite));

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

  const foundLayout = () => {
    const found = Number(sqlite.prepare('PRAGMA user_version').get()?.user_version);
    if (found <= layouts.length) return found;
    throw new Error(
      `${file}: expected table layout ${layouts.length} or older, found ${found}; use the version that made it, or another file`,
    );
  };
  whileOpening(() => {
    // Tables that need no change need no lock either, which another process may hold.
    if (read(foundLayout) === layouts.length) return;
    transaction(() => {
      for (const layout of layouts.slice(foundLayout())) sqlite.exec(layout);
      sqlite.exec(`PRAGMA user_version = ${layouts.length}`);
    });
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
