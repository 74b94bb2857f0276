import type { Database } from './database.ts';

export interface MetadataRow {
  key: string;
  value: string;
  created_ms: number;
}

export function createMetadataTable(database: Database) {
  const insert = database.prepare(
    'INSERT INTO metadata VALUES (:versionId, :key, :value, :created_ms)',
  );
  const find = database.prepare(
    'SELECT 1 FROM metadata WHERE version_id = ? AND key = ? AND value = ?',
  );
  const remove = database.prepare(
    'DELETE FROM metadata WHERE version_id = ? AND key = ? AND value = ?',
  );
  const list = database.prepare(
    'SELECT key, value, created_ms FROM metadata WHERE version_id = ? ORDER BY key, rowid',
  );
  return {
    insert: (versionId: string, row: MetadataRow) => insert.run({ versionId, ...row }),
    has: (versionId: string, key: string, value: string) =>
      find.get(versionId, key, value) !== undefined,
    remove: (versionId: string, key: string, value: string) => remove.run(versionId, key, value),
    /** By key, then oldest first. */
    list: (versionId: string) => list.all(versionId) as unknown as readonly MetadataRow[],
  };
}
