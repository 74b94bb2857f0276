import type { DataFormat } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import type { Database } from './database.ts';
import type { Deletion } from './deleted-row.ts';

export interface SchemaKey {
  registry: string;
  name: string;
}

export interface SchemaRow extends SchemaKey, Partial<Deletion> {
  data_format: DataFormat;
  compatibility: CompatibilityMode;
  description: string | null;
  /** The version that AWS's console shows as checkpoint; 1 until UpdateSchema changes it. */
  checkpoint: number;
  /** The highest number that a version has had; 0 before the first one. Numbers of deleted versions are not used again. */
  last_number: number;
  created_ms: number;
  updated_ms: number;
}

export function createSchemaTable(database: Database) {
  const insert = database.prepare(
    `INSERT INTO schemas (registry, name, data_format, compatibility, description, checkpoint, last_number,
     created_ms, updated_ms) VALUES (:registry, :name, :data_format, :compatibility, :description,
     :checkpoint, :last_number, :created_ms, :updated_ms)`,
  );
  const byName = database.prepare('SELECT * FROM schemas WHERE registry = ? AND name = ?');
  const update = database.prepare(
    `UPDATE schemas SET compatibility = :compatibility, description = :description,
     checkpoint = :checkpoint, updated_ms = :updated_ms WHERE registry = :registry AND name = :name`,
  );
  const number = database.prepare(
    `UPDATE schemas SET last_number = last_number + 1 WHERE registry = ? AND name = ? RETURNING last_number`,
  );
  const after = database.prepare(
    `SELECT * FROM schemas WHERE (registry, name) > (?, ?) AND gone_ms IS NULL
     ORDER BY registry, name LIMIT ?`,
  );
  // A query of its own: with a condition on the registry the one above would read through all others.
  const afterInRegistry = database.prepare(
    `SELECT * FROM schemas WHERE registry = ? AND name > ? AND gone_ms IS NULL ORDER BY name LIMIT ?`,
  );
  const matching =
    'FROM schemas WHERE (?1 IS NULL OR registry = ?1) AND instr(lower(name), lower(?2)) > 0';
  const search = database.prepare(
    `SELECT * ${matching} ORDER BY registry, name LIMIT ?3 OFFSET ?4`,
  );
  const countMatching = database.prepare(`SELECT count(*) AS total ${matching}`);
  return {
    insert: (row: Omit<SchemaRow, keyof Deletion>) => insert.run({ ...row }),
    find: ({ registry, name }: SchemaKey) => byName.get(registry, name) as SchemaRow | undefined,
    update: (row: Omit<SchemaRow, 'data_format' | 'last_number' | 'created_ms' | keyof Deletion>) =>
      update.run({ ...row }),
    /** The number of a new version. */
    takeNumber: ({ registry, name }: SchemaKey) =>
      (number.get(registry, name) as { last_number: number }).last_number,
    /** Schemas of all registries. */
    listAfter: ({ registry, name }: SchemaKey, limit: number) =>
      after.all(registry, name, limit) as unknown as readonly SchemaRow[],
    listInRegistryAfter: ({ registry, name }: SchemaKey, limit: number) =>
      afterInRegistry.all(registry, name, limit) as unknown as readonly SchemaRow[],
    /**
     * Schemas whose names contain the text, in any case of ASCII letters, DELETING ones included. An empty text is in
     * every name.
     * @param registry undefined: schemas of all registries
     */
    search: (registry: string | undefined, text: string, limit: number, offset: number) =>
      search.all(registry ?? null, text, limit, offset) as unknown as readonly SchemaRow[],
    countMatching: (registry: string | undefined, text: string) =>
      (countMatching.get(registry ?? null, text) as { total: number }).total,
  };
}
