import type { Database } from './database.ts';

/**
 * The tags of registries and schemas, by their resource names. An ARN has a region and an account too, which a restart on
 * the same database can change.
 */
export function createTagTable(database: Database) {
  const put = database.prepare('INSERT OR REPLACE INTO tags VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM tags WHERE resource = ? AND key = ?');
  const removeAll = database.prepare('DELETE FROM tags WHERE resource = ?');
  const removeUnder = database.prepare(
    'DELETE FROM tags WHERE resource >= ?1 AND resource < ?1 || char(0x10ffff)',
  );
  const list = database.prepare('SELECT key, value FROM tags WHERE resource = ? ORDER BY key');
  return {
    put(resource: string, tags: Readonly<Record<string, string>>): void {
      for (const [key, value] of Object.entries(tags)) put.run(resource, key, value);
    },
    remove(resource: string, keys: readonly string[]): void {
      for (const key of keys) remove.run(resource, key);
    },
    removeAll: (resource: string) => removeAll.run(resource),
    /** The tags of every resource whose name begins with this text. */
    removeUnder: (prefix: string) => removeUnder.run(prefix),
    list: (resource: string): Record<string, string> =>
      Object.fromEntries(list.all(resource).map(({ key, value }) => [String(key), String(value)])),
  };
}
