import type { Database } from './database.ts';
import type { Deletion } from './deleted-row.ts';

export interface RegistryRow extends Partial<Deletion> {
  name: string;
  description: string | null;
  created_ms: number;
  updated_ms: number;
}

export function createRegistryTable(database: Database) {
  const insert = database.prepare(
    `INSERT INTO registries (name, description, created_ms, updated_ms)
     VALUES (:name, :description, :created_ms, :updated_ms)`,
  );
  const byName = database.prepare('SELECT * FROM registries WHERE name = ?');
  const update = database.prepare(
    'UPDATE registries SET description = ?, updated_ms = ? WHERE name = ?',
  );
  const after = database.prepare(
    'SELECT * FROM registries WHERE name > ? AND gone_ms IS NULL ORDER BY name LIMIT ?',
  );
  const slice = database.prepare('SELECT * FROM registries ORDER BY name LIMIT ? OFFSET ?');
  const count = database.prepare('SELECT count(*) AS total FROM registries');
  return {
    insert: ({ name, description, created_ms, updated_ms }: RegistryRow) =>
      insert.run({ name, description, created_ms, updated_ms }),
    find: (name: string) => byName.get(name) as RegistryRow | undefined,
    describe: (name: string, description: string, nowMs: number) =>
      update.run(description, nowMs, name),
    listAfter: (name: string, limit: number) =>
      after.all(name, limit) as unknown as readonly RegistryRow[],
    /** DELETING ones included. */
    list: (limit: number, offset: number) =>
      slice.all(limit, offset) as unknown as readonly RegistryRow[],
    count: () => (count.get() as { total: number }).total,
  };
}
