import { type DatabasePart, hasRow, sqlText } from './database-part.ts';
import type { ReplicationUser } from './replication-user.ts';

/** Rows by hand get ids from 1000001 on, above those of `orders db churn`. `revision` counts the changes of a row. */
const personColumns = `id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  revision BIGINT NOT NULL DEFAULT 1,
  firstName VARCHAR(100) NOT NULL,
  lastName VARCHAR(100) NULL,
  email VARCHAR(200) NULL,
  loyaltyPoints BIGINT NOT NULL,
  visits INT UNSIGNED NOT NULL,
  balance DECIMAL(18,4) NOT NULL,
  isActive TINYINT(1) NOT NULL,
  status ENUM('new','active','blocked') NOT NULL,
  preferences JSON NULL,
  birthDate DATE NULL,
  createdAt DATETIME(6) NOT NULL,
  updatedAt TIMESTAMP(6) NOT NULL`;

const personRows = [
  `(1, 1, 'Ada', 'Lovelace', 'ada@example.com', 1001, 1, 10.5000, 1, 'active', '{"news": true}', '1815-12-10',
  '2026-02-01 12:00:00', '2026-02-01 12:00:00')`,
  `(2, 1, 'Grace', 'Hopper', NULL, 9007199254740993, 4294967295, 0.0001, 1, 'new', NULL, '1906-12-09',
  '2026-02-02 13:30:00.123456', '2026-02-02 13:30:00.123456')`,
  `(3, 1, 'Zoë ☕', NULL, '', 9223372036854775807, 0, -99999999999999.9999, 0, 'blocked', '[1, null, "x"]', NULL,
  '1999-12-31 23:59:59.999999', '2038-01-19 03:14:07.999999')`,
];

/** The parts of a server of MySQL, in the order in which they are created. MySQL commits each statement. */
export function mysqlParts(dbname: string, user?: ReplicationUser): DatabasePart[] {
  const name = sqlText(dbname, true);
  const quoted = `\`${dbname.replaceAll('`', '``')}\``;
  return [
    {
      name: `database ${dbname}`,
      exists: hasRow(`SELECT 1 FROM information_schema.schemata WHERE schema_name = ${name}`),
      statements: [`CREATE DATABASE IF NOT EXISTS ${quoted} CHARACTER SET utf8mb4`],
    },
    {
      name: `table ${dbname}.person`,
      exists: hasRow(tableQuery(name)),
      statements: [
        `CREATE TABLE IF NOT EXISTS ${quoted}.person (\n  ${personColumns}\n) AUTO_INCREMENT = 1000001`,
      ],
    },
    {
      name: `${personRows.length} rows in ${dbname}.person`,
      // A statement against a table that does not exist is an error.
      exists: async (database) =>
        (await database.run(tableQuery(name))).rows.length > 0 &&
        (await database.run(`SELECT 1 FROM ${quoted}.person LIMIT 1`)).rows.length > 0,
      statements: [`INSERT INTO ${quoted}.person VALUES\n  ${personRows.join(',\n  ')}`],
    },
    ...(user === undefined ? [] : userParts(dbname, quoted, user)),
  ];
}

const tableQuery = (database: string) =>
  `SELECT 1 FROM information_schema.tables WHERE table_schema = ${database} AND table_name = 'person'`;

const globalPrivileges = ['RELOAD', 'SHOW DATABASES', 'REPLICATION SLAVE', 'REPLICATION CLIENT'];
const tablePrivileges = ['SELECT', 'LOCK TABLES'];

function userParts(
  dbname: string,
  quotedDatabase: string,
  { name, password }: ReplicationUser,
): DatabasePart[] {
  const account = `${sqlText(name, true)}@'%'`;
  const grantee = sqlText(`'${name}'@'%'`, true);
  return [
    {
      name: `user ${name}`,
      exists: hasRow(`SELECT 1 FROM information_schema.user_privileges WHERE grantee = ${grantee}`),
      statements: [`CREATE USER ${account} IDENTIFIED BY ${sqlText(password, true)}`],
    },
    {
      name: `${globalPrivileges.join(', ')} for ${name}`,
      exists: hasRow(`SELECT 1 FROM information_schema.user_privileges WHERE grantee = ${grantee}
        AND privilege_type IN (${globalPrivileges.map((each) => sqlText(each)).join(', ')})
        HAVING COUNT(*) = ${globalPrivileges.length}`),
      statements: [`GRANT ${globalPrivileges.join(', ')} ON *.* TO ${account}`],
    },
    {
      name: `${tablePrivileges.join(', ')} on ${dbname} for ${name}`,
      exists: hasRow(`SELECT 1 FROM information_schema.schema_privileges WHERE grantee = ${grantee}
        AND table_schema IN (${sqlText(dbname, true)}, ${sqlText(grantPattern(dbname), true)})
        AND privilege_type IN (${tablePrivileges.map((each) => sqlText(each)).join(', ')})
        HAVING COUNT(*) = ${tablePrivileges.length}`),
      // In the name of a database, GRANT takes _ and % as wildcards.
      statements: [
        `GRANT ${tablePrivileges.join(', ')} ON ${grantPattern(quotedDatabase)}.* TO ${account}`,
      ],
    },
  ];
}

const grantPattern = (dbname: string) => dbname.replaceAll(/[_%]/g, '\\$&');
