import pg from 'pg';
import type { Database, SqlRow, SqlText } from './database.ts';
import { databaseError } from './database-error.ts';
import type { Login } from './login.ts';
import { tlsOptions } from './tls-settings.ts';

const connectTimeoutMs = 5_000;

/** Every value stays the text that the server sent. */
const asText = { getTypeParser: () => (text: unknown) => text };

/** Only `verify-full` compares the names of the certificate with the host. */
const anyName = { checkServerIdentity: () => undefined };

/** Connects to PostgreSQL. */
export async function openPostgresql(login: Login): Promise<Database> {
  const { host, port, dbname, user, password, tls, place, secrets } = login;
  const ssl = tlsOptions(tls);
  const client = new pg.Client({
    ...{ host, port, user, password, database: dbname },
    application_name: 'orders db',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    ssl: ssl === undefined ? false : { ...ssl, ...(tls.mode !== 'verify-full' && anyName) },
    types: asText as unknown as pg.CustomTypesConfig,
  });
  const failure = (error: unknown) => databaseError(place, faultOf(error), secrets);
  let lost: unknown;
  // A lost connection is reported by the next statement, not as an exception of the process.
  client.on('error', (error) => {
    lost ??= error;
  });
  await client.connect().catch((error) => {
    void client.end().catch(() => {});
    throw failure(error);
  });
  const database: Database = {
    kind: 'postgresql',
    place,
    async run(sql, parameters) {
      if (lost !== undefined) throw failure(lost);
      try {
        const values = parameters && ([...parameters] as SqlText[]);
        const { rows, rowCount } = await client.query<SqlRow>(sql, values);
        return { rows, changed: rowCount ?? 0 };
      } catch (error) {
        throw failure(error);
      }
    },
    quoted: pg.escapeIdentifier,
    parameter: (index) => `$${index}`,
    close: () => void client.end().catch(() => {}),
  };
  await database.run(
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET standard_conforming_strings = on",
  );
  return database;
}

/** FATAL and PANIC end the connection; the statement may have been applied. Also refused logins are FATAL. */
function faultOf(error: unknown) {
  const { message, code, severity } = error as Partial<pg.DatabaseError> & Error;
  if (message.includes('does not support SSL'))
    return { message, code: 'HANDSHAKE_NO_SSL_SUPPORT' };
  if (message.startsWith('timeout expired')) return { message, code: 'ETIMEDOUT' };
  if (severity === undefined) return { message, code: codeOf(error) };
  const isLoginRefusal = /^(28|3D|42)/.test(code ?? '');
  return { message, refusal: severity === 'ERROR' || isLoginRefusal ? code : undefined };
}

/** Connecting to a name with several addresses fails with all their errors together. */
function codeOf(error: unknown): string | undefined {
  const { code, errors } = error as { code?: string; errors?: { code?: string }[] };
  return code ?? errors?.[0]?.code;
}
