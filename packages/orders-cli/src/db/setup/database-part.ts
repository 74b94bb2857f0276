import type { Database } from '../connection/database.ts';

/** A part of the database that `orders db setup` creates if it does not exist. */
export interface DatabasePart {
  /** For the plan, such as `table ods.customers with 5 rows`. */
  name: string;
  exists(database: Database): Promise<boolean>;
  /** Statements that create the part, in order. */
  statements: readonly string[];
}

/** `exists` of a part: whether the query has a row. */
export const hasRow =
  (sql: string): DatabasePart['exists'] =>
  async (database) =>
    (await database.run(sql)).rows.length > 0;

/** A text in SQL. PostgreSQL with `standard_conforming_strings`, its default; MySQL needs `escapesBackslash`. */
export function sqlText(text: string, escapesBackslash = false): string {
  const escaped = escapesBackslash ? text.replaceAll('\\', '\\\\') : text;
  return `'${escaped.replaceAll("'", "''")}'`;
}
