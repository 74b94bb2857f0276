import { DatabaseSync } from 'node:sqlite';

const layout = `
  CREATE TABLE registries (
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
  ) STRICT;
`;
const layoutVersion = 1;

export interface Database {
  prepare: DatabaseSync['prepare'];
  /** Runs the work in one write transaction; an error undoes it and is thrown again. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

/**
 * Opens the registry's file, and lays out an empty one.
 * @param file a path, or `:memory:`
 * @throws Error when the file was laid out by another version of this program
 */
export function openDatabase(file: string): Database {
  const sqlite = openFile(file);
  // WAL keeps every committed answer through a kill of the process. The wait is for a second
  // process on the same file.
  sqlite.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');

  function transaction<Result>(work: () => Result): Result {
    sqlite.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      sqlite.exec('ROLLBACK');
      throw error;
    }
  }

  transaction(() => {
    const found = sqlite.prepare('PRAGMA user_version').get()?.user_version;
    if (found === 0) sqlite.exec(`${layout}; PRAGMA user_version = ${layoutVersion}`);
    else if (found !== layoutVersion) {
      throw new Error(`${file} has layout ${found}, this program knows ${layoutVersion}`);
    }
  });

  return {
    prepare: (sql) => sqlite.prepare(sql),
    transaction,
    close: () => sqlite.close(),
  };
}

function openFile(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file);
  } catch (cause) {
    throw new Error(`cannot open the database ${file}: does its folder exist?`, { cause });
  }
}
