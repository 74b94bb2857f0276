import type { Database, DatabaseKind } from '../connection/database.ts';
import type { TableColumn } from './column-type.ts';
import { mysqlColumns } from './mysql-columns.ts';
import { postgresqlColumns } from './postgresql-columns.ts';

/** The table whose rows change. Its key is `id`; each change of a row raises `revision`. */
export interface ChangeTable {
  schema: string;
  table: string;
}

export const changeTable = (kind: DatabaseKind, dbname: string): ChangeTable =>
  kind === 'postgresql'
    ? { schema: 'ods', table: 'cdc_events' }
    : { schema: dbname, table: 'person' };

/** The table's name in SQL. */
export const quotedTable = ({ quoted }: Database, { schema, table }: ChangeTable): string =>
  `${quoted(schema)}.${quoted(table)}`;

/** The columns that the table has now, in order. */
export const readColumns = (
  database: Database,
  { schema, table }: ChangeTable,
): Promise<TableColumn[]> =>
  database.kind === 'postgresql'
    ? postgresqlColumns(database, schema, table)
    : mysqlColumns(database, schema, table);
