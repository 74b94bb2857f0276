import type { Database } from './database.ts';

export interface RegistryRow {
  name: string;
  description: string | null;
  created_ms: number;
  updated_ms: number;
}

export function createRegistryTable(database: Database) {
  const insert = database.prepare(
    'INSERT INTO registries VALUES (:name, :description, :created_ms, :updated_ms)',
  );
  const byName = database.prepare('SELECT * FROM registries WHERE name = ?');
  const after = database.prepare('SELECT * FROM registries WHERE name > ? ORDER BY name LIMIT ?');
  const count = database.prepare('SELECT count(*) AS total FROM registries');
  return {
    insert: (row: RegistryRow) => insert.run({ ...row }),
    find: (name: string) => byName.get(name) as RegistryRow | undefined,
    listAfter: (name: string, limit: number) =>
      after.all(name, limit) as unknown as readonly RegistryRow[],
    count: () => (count.get() as { total: number }).total,
  };
}
