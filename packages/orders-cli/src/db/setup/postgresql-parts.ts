import type { Database } from '../connection/database.ts';
import { type DatabasePart, hasRow, sqlText } from './database-part.ts';
import { sampleTables } from './postgresql-sample-tables.ts';
import type { ReplicationUser } from './replication-user.ts';
import { scramVerifier } from './scram-verifier.ts';

/** Connectors share the publication: `publication.autocreate.mode=disabled`, so that they need not own the table. */
export const publicationName = 'cdc_events';

/** The parts of a database of PostgreSQL, in the order in which they are created. */
export function postgresqlParts(database: Database, user?: ReplicationUser): DatabasePart[] {
  return [
    {
      name: 'schema ods',
      exists: hasRow("SELECT 1 FROM pg_namespace WHERE nspname = 'ods'"),
      statements: ['CREATE SCHEMA ods'],
    },
    {
      name: 'type ods.order_status',
      exists: hasRow("SELECT 1 WHERE to_regtype('ods.order_status') IS NOT NULL"),
      statements: [
        "CREATE TYPE ods.order_status AS ENUM ('new', 'paid', 'shipped', 'cancelled', 'returned')",
      ],
    },
    ...sampleTables.map(({ name, columns, rows, after = [] }) => ({
      name: `table ods.${name} with ${rows.length} rows`,
      exists: hasRow(`SELECT 1 WHERE to_regclass('ods.${name}') IS NOT NULL`),
      statements: [
        `CREATE TABLE ods.${name} (\n  ${columns}\n)`,
        `INSERT INTO ods.${name} VALUES\n  ${rows.join(',\n  ')}`,
        ...after,
      ],
    })),
    {
      name: `publication ${publicationName} for ods.cdc_events`,
      exists: hasRow(`SELECT 1 FROM pg_publication WHERE pubname = '${publicationName}'`),
      statements: [`CREATE PUBLICATION ${publicationName} FOR TABLE ods.cdc_events`],
    },
    ...(user === undefined ? [] : roleParts(database, user)),
  ];
}

/** Debezium creates its slot by the attribute REPLICATION, and reads the rows for its snapshot. */
function roleParts(database: Database, { name, password }: ReplicationUser): DatabasePart[] {
  const role = database.quoted(name);
  const isAscii = /^[\x20-\x7e]*$/.test(password);
  const stored = sqlText(isAscii ? scramVerifier(password) : password);
  return [
    {
      name: `role ${name} with REPLICATION`,
      exists: hasRow(`SELECT 1 FROM pg_roles WHERE rolname = ${sqlText(name)}`),
      statements: [
        `CREATE ROLE ${role} LOGIN PASSWORD ${stored}`,
        // On Amazon RDS and Aurora no user may give the attribute; a role stands for it.
        `DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_replication')
  THEN EXECUTE format('GRANT rds_replication TO %I', ${sqlText(name)});
  ELSE EXECUTE format('ALTER ROLE %I REPLICATION', ${sqlText(name)});
  END IF;
END $$`,
      ],
    },
    {
      name: `SELECT on the tables of ods for ${name}`,
      exists: async (database) =>
        (
          await database.run(`SELECT 1 FROM pg_roles WHERE rolname = ${sqlText(name)}
            AND has_schema_privilege(oid, to_regnamespace('ods'), 'USAGE')
            AND has_table_privilege(oid, to_regclass('ods.cdc_events'), 'SELECT')`)
        ).rows.length > 0,
      statements: [
        `GRANT USAGE ON SCHEMA ods TO ${role}`,
        `GRANT SELECT ON ALL TABLES IN SCHEMA ods TO ${role}`,
      ],
    },
  ];
}
