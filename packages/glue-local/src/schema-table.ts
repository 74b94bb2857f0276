import type { DataFormat } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import type { Database } from './database.ts';

export interface SchemaKey {
  registry: string;
  name: string;
}

export interface SchemaRow extends SchemaKey {
  data_format: DataFormat;
  compatibility: CompatibilityMode;
  description: string | null;
  /** The version that AWS's console shows as checkpoint; 1 until UpdateSchema changes it. */
  checkpoint: number;
  created_ms: number;
  updated_ms: number;
}

export function createSchemaTable(database: Database) {
  const insert = database.prepare(
    `INSERT INTO schemas VALUES (:registry, :name, :data_format, :compatibility, :description,
     :checkpoint, :created_ms, :updated_ms)`,
  );
  const byName = database.prepare('SELECT * FROM schemas WHERE registry = ? AND name = ?');
  const update = database.prepare(
    `UPDATE schemas SET compatibility = :compatibility, description = :description,
     checkpoint = :checkpoint, updated_ms = :updated_ms WHERE registry = :registry AND name = :name`,
  );
  const after = database.prepare(
    `SELECT * FROM schemas WHERE (registry, name) > (?1, ?2) AND (?3 IS NULL OR registry = ?3)
     ORDER BY registry, name LIMIT ?4`,
  );
  return {
    insert: (row: SchemaRow) => insert.run({ ...row }),
    find: ({ registry, name }: SchemaKey) => byName.get(registry, name) as SchemaRow | undefined,
    update: (row: Omit<SchemaRow, 'data_format' | 'created_ms'>) => update.run({ ...row }),
    /** @param registry undefined: schemas of all registries */
    listAfter: (key: SchemaKey, registry: string | undefined, limit: number) =>
      after.all(key.registry, key.name, registry ?? null, limit) as unknown as readonly SchemaRow[],
  };
}
