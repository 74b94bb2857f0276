import type { Database, DatabaseKind } from './connection/database.ts';

/** A change of a table's columns. */
export interface Evolution {
  name: string;
  kind: DatabaseKind;
  /** For the list: the effect, and the answer of a registry with the compatibility BACKWARD. */
  summary: string;
  schema: string;
  table: string;
  column: string;
  /** Whether the table has the column afterwards. */
  addsColumn: boolean;
  statements: readonly string[];
}

/** @param dbname the database of MySQL; PostgreSQL has the schema `ods` */
export const evolutions = (dbname: string): readonly Evolution[] => [
  {
    name: 'add-employee-id',
    kind: 'postgresql',
    summary: 'ods.cdc_events: a column with a default, and an update (accepted)',
    schema: 'ods',
    table: 'cdc_events',
    column: 'employee_id',
    addsColumn: true,
    statements: [
      'ALTER TABLE ods.cdc_events ADD COLUMN employee_id int DEFAULT -1',
      'UPDATE ods.cdc_events SET employee_id = 1001 WHERE id = (SELECT min(id) FROM ods.cdc_events)',
    ],
  },
  {
    name: 'drop-column',
    summary: 'person: drop lastName (accepted)',
    column: 'lastName',
    addsColumn: false,
    ...personEvolution(dbname, 'DROP COLUMN lastName'),
  },
  {
    name: 'add-nullable-column',
    summary: 'person: city, which may be NULL (accepted)',
    column: 'city',
    addsColumn: true,
    ...personEvolution(dbname, 'ADD COLUMN city VARCHAR(100) NULL'),
  },
  {
    name: 'add-required-column',
    summary: 'person: country, NOT NULL without a default (refused)',
    column: 'country',
    addsColumn: true,
    ...personEvolution(dbname, 'ADD COLUMN country CHAR(2) NOT NULL'),
  },
];

function personEvolution(dbname: string, change: string) {
  const database = dbname.replaceAll('`', '``');
  return {
    kind: 'mysql',
    schema: dbname,
    table: 'person',
    statements: [`ALTER TABLE \`${database}\`.person ${change}`],
  } as const;
}

/** Whether the table already has the columns that the evolution makes. */
export async function isApplied(
  database: Database,
  { schema, table, column, addsColumn }: Evolution,
): Promise<boolean> {
  const [first, second, third] = [1, 2, 3].map(database.parameter);
  const { rows } = await database.run(
    `SELECT 1 FROM information_schema.columns
      WHERE table_schema = ${first} AND table_name = ${second} AND column_name = ${third}`,
    [schema, table, column],
  );
  return rows.length > 0 === addsColumn;
}
