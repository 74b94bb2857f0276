import type { Database } from './database.ts';
import type { SchemaKey } from './schema-table.ts';

/**
 * Marks registries, schemas and versions as deleted, and removes them when their time has come.
 * @param deletingMs how long they stay DELETING; 0: until the next request
 */
export function createDeletions(database: Database, deletingMs: number) {
  const mark = (table: string, where: string, columns = '') =>
    database.prepare(`UPDATE ${table} SET deleted_ms = ?, gone_ms = ?${columns} WHERE ${where}`);
  // Without its fingerprint the version is no longer found by its definition, and the definition can be registered again.
  const unfind = ", fingerprint = 'deleted ' || id";
  const marks = {
    registry: [
      mark('registries', 'name = ?'),
      mark('schemas', 'registry = ?'),
      mark('versions', 'registry = ?', unfind),
    ],
    schema: [
      mark('schemas', 'registry = ? AND name = ?'),
      mark('versions', 'registry = ? AND schema = ?', unfind),
    ],
    version: [mark('versions', 'id = ?', unfind)],
  };

  // A clock that is set back must not keep a row longer.
  const isGone = 'gone_ms IS NOT NULL AND NOT (?1 >= deleted_ms AND ?1 < gone_ms)';
  const goneVersions = `SELECT id FROM versions WHERE ${isGone}`;
  const removals = [
    `DELETE FROM metadata WHERE version_id IN (${goneVersions})`,
    `DELETE FROM versions WHERE ${isGone}`,
    `DELETE FROM schemas WHERE ${isGone}`,
    `DELETE FROM registries WHERE ${isGone}`,
  ].map((sql) => database.prepare(sql));

  const anyGone = ['versions', 'schemas', 'registries'].map(
    (table) => `EXISTS (SELECT 1 FROM ${table} WHERE ${isGone})`,
  );
  const findGone = database.prepare(`SELECT ${anyGone.join(' OR ')} AS found`);

  const run = (kind: keyof typeof marks, nowMs: number, ...key: string[]) => {
    for (const statement of marks[kind]) statement.run(nowMs, nowMs + deletingMs, ...key);
  };
  return {
    markRegistry: (name: string, nowMs: number) => run('registry', nowMs, name),
    markSchema: ({ registry, name }: SchemaKey, nowMs: number) =>
      run('schema', nowMs, registry, name),
    markVersion: (id: string, nowMs: number) => run('version', nowMs, id),
    /** Whether `removeGone` has something to remove. */
    hasGone: (nowMs: number) => findGone.get(nowMs)?.found === 1,
    /** Runs before each request that changes something, and before one that reads when there is something to remove. */
    removeGone(nowMs: number): void {
      for (const statement of removals) statement.run(nowMs);
    },
  };
}
