import type { Database } from './database.ts';

export function createTagTable(database: Database) {
  const insert = database.prepare('INSERT INTO tags VALUES (?, ?, ?)');
  const list = database.prepare('SELECT key, value FROM tags WHERE arn = ? ORDER BY key');
  return {
    insert(arn: string, tags: ReadonlyMap<string, string>): void {
      for (const [key, value] of tags) insert.run(arn, key, value);
    },
    list: (arn: string): Record<string, string> =>
      Object.fromEntries(list.all(arn).map(({ key, value }) => [String(key), String(value)])),
  };
}
