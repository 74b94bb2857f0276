import type { Database, SqlText } from '../connection/database.ts';
import { type ChangeTable, quotedTable } from './change-table.ts';
import type { RowChange } from './row-change.ts';

/**
 * Applies a change as one statement, which is a transaction. An update or delete applies only to the revision that it
 * replaces, so that a change is never applied twice and no change of another program is overwritten.
 *
 * @returns whether it was applied; if not, the row is another one than expected
 * @throws DatabaseRefusedError it was not applied; DatabaseUnavailableError it may have been
 */
export async function applyChange(
  database: Database,
  table: ChangeTable,
  change: RowChange,
): Promise<boolean> {
  const { sql, parameters } = statementOf(database, table, change);
  return (await database.run(sql, parameters)).changed === 1;
}

function statementOf(database: Database, table: ChangeTable, change: RowChange) {
  const name = quotedTable(database, table);
  const parameters: SqlText[] = [];
  const parameter = (value: SqlText) => database.parameter(parameters.push(value));
  const { id, revision } = change;
  if (change.kind === 'insert') {
    const values = [['id', String(id)], ['revision', String(revision)], ...change.values] as const;
    const columns = values.map(([column]) => database.quoted(column)).join(', ');
    const all = values.map(([, value]) => parameter(value)).join(', ');
    return { sql: `INSERT INTO ${name} (${columns}) VALUES (${all})`, parameters };
  }
  const target = () =>
    `WHERE id = ${parameter(String(id))} AND revision = ${parameter(String(change.replaces))}`;
  if (change.kind === 'delete') return { sql: `DELETE FROM ${name} ${target()}`, parameters };
  const set = [['revision', String(revision)] as const, ...change.values]
    .map(([column, value]) => `${database.quoted(column)} = ${parameter(value)}`)
    .join(', ');
  return { sql: `UPDATE ${name} SET ${set} ${target()}`, parameters };
}
