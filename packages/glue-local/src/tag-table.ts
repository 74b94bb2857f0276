import type { Database } from './database.ts';

export function createTagTable(database: Database) {
  const put = database.prepare('INSERT OR REPLACE INTO tags VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM tags WHERE arn = ? AND key = ?');
  const removeAll = database.prepare('DELETE FROM tags WHERE arn = ?');
  const removeUnder = database.prepare(
    'DELETE FROM tags WHERE arn >= ?1 AND arn < ?1 || char(0x10ffff)',
  );
  const list = database.prepare('SELECT key, value FROM tags WHERE arn = ? ORDER BY key');
  return {
    put(arn: string, tags: Readonly<Record<string, string>>): void {
      for (const [key, value] of Object.entries(tags)) put.run(arn, key, value);
    },
    remove(arn: string, keys: readonly string[]): void {
      for (const key of keys) remove.run(arn, key);
    },
    removeAll: (arn: string) => removeAll.run(arn),
    /** The tags of every ARN that begins with this text. */
    removeUnder: (prefix: string) => removeUnder.run(prefix),
    list: (arn: string): Record<string, string> =>
      Object.fromEntries(list.all(arn).map(({ key, value }) => [String(key), String(value)])),
  };
}
