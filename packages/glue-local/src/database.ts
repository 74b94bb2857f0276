import { DatabaseSync } from 'node:sqlite';
import { asStorageFull } from './storage-full.ts';
import { whileBusy } from './while-busy.ts';

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
    CREATE INDEX versions_accepted ON versions (registry, schema, number) WHERE gone_ms IS NULL AND verdict = 'AVAILABLE';
  `,
];

export type Database = ReturnType<typeof openDatabase>;

/**
 * Opens the registry's database. Creates the tables in an empty one, and updates those of an older version.
 * @param file a path, or `:memory:`
 * @throws StorageFullError the file cannot grow
 * @throws Error the file cannot be opened, or its tables are those of a newer version of this program
 */
export function openDatabase(file: string) {
  const sqlite = openFile(file);
  configure(sqlite);

  /**
   * Runs `work` in a write transaction. An error rolls the transaction back and is rethrown.
   * @throws StorageFullError the file cannot grow
   */
  function transaction<Result>(work: () => Result): Result {
    sqlite.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite itself rolls back when the disk is full.
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
      throw asStorageFull(error) ?? error;
    }
  }

  transaction(() => {
    const found = Number(sqlite.prepare('PRAGMA user_version').get()?.user_version);
    if (found > layouts.length) {
      throw new Error(
        `${file}: expected table layout ${layouts.length} or older, found ${found}; use the version that made it, or another file`,
      );
    }
    for (const layout of layouts.slice(found)) sqlite.exec(layout);
    sqlite.exec(`PRAGMA user_version = ${layouts.length}`);
  });

  const begin = sqlite.prepare('BEGIN');
  const commit = sqlite.prepare('COMMIT');
  /** Runs `work`, which only reads, on one state of the database. It neither waits for writers nor holds them up. */
  function read<Result>(work: () => Result): Result {
    begin.run();
    try {
      return work();
    } finally {
      commit.run();
    }
  }

  return {
    prepare: (sql: string) => sqlite.prepare(sql),
    transaction,
    read,
    close: () => sqlite.close(),
  };
}

const busyTimeoutMs = 5000;

/** With WAL, committed changes survive a kill of the process. The timeout is for a second process on the same file. */
function configure(sqlite: DatabaseSync): void {
  try {
    sqlite.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    // SQLite does not wait here for another process that is creating the tables of a new file.
    whileBusy(() => sqlite.exec('PRAGMA journal_mode = WAL'), busyTimeoutMs);
    sqlite.exec('PRAGMA synchronous = NORMAL');
  } catch (error) {
    throw asStorageFull(error) ?? error;
  }
}

function openFile(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file);
  } catch (cause) {
    throw new Error(`cannot open the database ${file}: does its folder exist?`, { cause });
  }
}
