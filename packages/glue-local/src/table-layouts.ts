import type { DatabaseSync } from 'node:sqlite';

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
  // Tags by resource name instead of ARN. A database that was opened with several regions or accounts has tags of one resource
  // under several ARNs: of a key with several values, the one written last is kept. Tags of what is deleted are not kept.
  `
    ALTER TABLE tags RENAME TO tags_by_arn;
    CREATE TABLE tags (
      resource TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (resource, key)
    ) STRICT;
    INSERT OR REPLACE INTO tags
      SELECT resource, key, value FROM (
        SELECT rowid AS written, key, value,
          substr(arn, max(instr(arn, ':registry/'), instr(arn, ':schema/')) + 1) AS resource FROM tags_by_arn
      ) WHERE resource IN (
        SELECT 'registry/' || name FROM registries WHERE gone_ms IS NULL
        UNION ALL SELECT 'schema/' || registry || '/' || name FROM schemas WHERE gone_ms IS NULL
      ) ORDER BY written;
    DROP TABLE tags_by_arn;
  `,
];

const tables = ['registries', 'schemas', 'versions', 'metadata', 'tags'];

/**
 * The layout of the tables in a database, 0 for an empty one. Changes nothing.
 * @param file for the message of an error
 * @throws Error the tables are those of another program, or of a newer version of this one
 */
export function findLayout(sqlite: DatabaseSync, file: string): number {
  const layout = Number(sqlite.prepare('PRAGMA user_version').get()?.user_version);
  if (layout > layouts.length) {
    throw new Error(
      `${file}: expected table layout ${layouts.length} or older, found ${layout}; use the version that made it, or another file`,
    );
  }
  const found = sqlite
    .prepare(`SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`)
    .all()
    .map(({ name }) => String(name));
  const isOwn = layout === 0 ? found.length === 0 : tables.every((table) => found.includes(table));
  if (isOwn) return layout;
  throw new Error(
    `${file}: expected an empty database or one of glue-local, found the database of another program; use another file`,
  );
}

/** Brings the tables of a database to the newest layout. Runs in a transaction. */
export function updateTables(sqlite: DatabaseSync, layout: number): void {
  for (const change of layouts.slice(layout)) sqlite.exec(change);
  sqlite.exec(`PRAGMA user_version = ${layouts.length}`);
}

export const newestLayout = layouts.length;
