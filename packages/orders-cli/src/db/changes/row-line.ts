import type { SqlRow, SqlText } from '../connection/database.ts';
import type { ColumnType, TableColumn } from './column-type.ts';

/**
 * A row as one line of JSON, its members in the order of the columns. Integers have all their digits, booleans are JSON's, and
 * every other value is the text of the database: decimals, times (in UTC), JSON documents.
 */
export function rowLine(columns: readonly TableColumn[], row: SqlRow): string {
  const members = columns.map(
    ({ name, type }) => `${JSON.stringify(name)}:${jsonOf(type, row[name] ?? null)}`,
  );
  return `{${members.join(',')}}`;
}

function jsonOf({ kind }: ColumnType, text: SqlText): string {
  if (text === null) return 'null';
  if (kind === 'integer') return text;
  if (kind === 'boolean') return text === 't' ? 'true' : 'false';
  return JSON.stringify(text);
}
