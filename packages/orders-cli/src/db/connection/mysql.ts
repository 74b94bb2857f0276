import { createConnection } from 'mysql2/promise';
import type { Database, SqlRow } from './database.ts';
import { databaseError } from './database-error.ts';
import type { Login } from './login.ts';
import { tlsOptions } from './tls-settings.ts';

const connectTimeoutMs = 5_000;

/** Connects to MySQL without a default database, which may not exist yet. */
export async function openMysql(login: Login): Promise<Database> {
  const { host, port, user, password, tls, place, secrets } = login;
  const failure = (error: unknown) => databaseError(place, faultOf(error), secrets);
  const ssl = tlsOptions(tls);
  const connection = await createConnection({
    ...{ host, port, user, password },
    charset: 'utf8mb4',
    connectTimeout: connectTimeoutMs,
    enableKeepAlive: true,
    ...(ssl !== undefined && { ssl: { ...ssl, verifyIdentity: tls.mode === 'verify-full' } }),
    // Every value stays the text that the server sent.
    typeCast: (field) => field.string('utf8'),
  }).catch((error) => {
    throw failure(error);
  });
  let lost: unknown;
  // A lost connection is reported by the next statement, not as an exception of the process.
  connection.on('error', (error) => {
    lost ??= error;
  });
  const database: Database = {
    kind: 'mysql',
    place,
    async run(sql, parameters = []) {
      if (lost !== undefined) throw failure(lost);
      try {
        // Parameters are texts: the server converts them to the type of the column, integers without rounding.
        const [result] = await connection.query(sql, [...parameters]);
        return Array.isArray(result)
          ? { rows: result as unknown as SqlRow[], changed: 0 }
          : { rows: [], changed: result.affectedRows };
      } catch (error) {
        throw failure(error);
      }
    },
    quoted: (name) => `\`${name.replaceAll('`', '``')}\``,
    parameter: () => '?',
    close: () => connection.destroy(),
  };
  await database.run("SET time_zone = '+00:00', sql_mode = 'TRADITIONAL,NO_ENGINE_SUBSTITUTION'");
  return database;
}

/** The server says these while it stops: the statement may have been applied. */
const stopping = ['ER_SERVER_SHUTDOWN', 'ER_NORMAL_SHUTDOWN', 'ER_QUERY_INTERRUPTED'];

interface MysqlError extends Error {
  code?: string;
  sqlState?: string;
  errors?: { code?: string }[];
}

function faultOf(error: unknown) {
  const { message, code = '', sqlState, errors } = error as MysqlError;
  const isAnswer = sqlState !== undefined && code.startsWith('ER_') && !stopping.includes(code);
  if (code === 'HANDSHAKE_SSL_ERROR') return { message, code: certificateCode(message) };
  return {
    message,
    code: isAnswer ? undefined : (errors?.[0]?.code ?? code),
    refusal: isAnswer ? code : undefined,
  };
}

/** The driver replaces the code of a fault of TLS by its own. */
function certificateCode(message: string): string {
  if (/self-signed|unable to (get|verify)/.test(message)) return 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
  if (message.includes('altnames')) return 'ERR_TLS_CERT_ALTNAME_INVALID';
  if (message.includes('expired')) return 'CERT_HAS_EXPIRED';
  return 'HANDSHAKE_SSL_ERROR';
}
