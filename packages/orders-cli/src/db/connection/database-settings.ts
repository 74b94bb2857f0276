import { UsageError, wholeNumber } from '@order-stream/command-line';
import { type Environment, loadConfig } from '@order-stream/runtime';
import Type from 'typebox';
import type { DatabaseKind } from './database.ts';
import { type TlsSettings, tlsModes, tlsSettings } from './tls-settings.ts';

export const connectionFlags = {
  host: { type: 'string' },
  port: { type: 'string' },
  dbname: { type: 'string' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  tls: { type: 'string' },
  'ca-file': { type: 'string' },
  wait: { type: 'string', default: '0' },
} as const;

/** For the help of commands. */
export const connectionFlagsHelp = `  --host HOST            (default PGHOST or MYSQL_HOST, 127.0.0.1)
  --port N               (default PGPORT or MYSQL_TCP_PORT, 5432 or 3306)
  --dbname NAME          (default PGDATABASE, devdb; MySQL: test_db)
  --user NAME            (default PGUSER, postgres; MySQL: root)
  --password-file FILE   its first line is the password (default PGPASSWORD or MYSQL_PWD, else the
                         command asks on the terminal; a password is never an argument)
  --tls MODE             disable, require (encrypted, certificate not checked), verify-ca, verify-full
                         (default PGSSLMODE; else disable for this machine, verify-full for other hosts)
  --ca-file FILE         certificate authorities in PEM, such as the bundle of Amazon RDS
                         (default PGSSLROOTCERT, else the authorities of Node.js)
  --wait SECONDS         how long to wait for a database that does not answer (default 0)`;

export interface ConnectionFlags {
  host?: string;
  port?: string;
  dbname?: string;
  user?: string;
  'password-file'?: string;
  tls?: string;
  'ca-file'?: string;
  wait: string;
}

export interface DatabaseSettings {
  kind: DatabaseKind;
  host: string;
  port: number;
  dbname: string;
  user: string;
  tls: TlsSettings;
  passwordFile?: string;
  waitMs: number;
}

const portVariable = Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 }));
const textVariable = Type.Optional(Type.String({ minLength: 1 }));

/** The variables of libpq, and those of the `mysql` client. */
const variables = {
  postgresql: Type.Object({
    PGHOST: textVariable,
    PGPORT: portVariable,
    PGDATABASE: textVariable,
    PGUSER: textVariable,
    PGSSLMODE: Type.Optional(Type.Enum([...tlsModes])),
    PGSSLROOTCERT: textVariable,
  }),
  mysql: Type.Object({ MYSQL_HOST: textVariable, MYSQL_TCP_PORT: portVariable }),
};

/** @throws UsageError, or ConfigError for the environment */
export function databaseSettings(
  kind: DatabaseKind,
  flags: ConnectionFlags,
  env: Environment,
): DatabaseSettings {
  const { host, port, dbname, user, mode, caFile } = withDefaults(kind, env);
  const chosenHost = flags.host ?? host ?? '127.0.0.1';
  return {
    kind,
    host: chosenHost,
    port: flags.port ? wholeNumber('--port', flags.port, { min: 1, max: 65_535 }) : port,
    dbname: flags.dbname ?? dbname,
    user: flags.user ?? user,
    tls: tlsSettings(chosenHost, {
      mode: flags.tls ?? mode,
      caFile: flags['ca-file'] ?? caFile,
    }),
    ...(flags['password-file'] !== undefined && { passwordFile: flags['password-file'] }),
    waitMs: wholeNumber('--wait', flags.wait, { min: 0, max: 86_400 }) * 1000,
  };
}

interface Defaults {
  host: string | undefined;
  port: number;
  dbname: string;
  user: string;
  mode: string | undefined;
  caFile: string | undefined;
}

function withDefaults(kind: DatabaseKind, env: Environment): Defaults {
  if (kind === 'mysql') {
    const { MYSQL_HOST: host, MYSQL_TCP_PORT: port = 3306 } = loadConfig(variables.mysql, env);
    return { host, port, dbname: 'test_db', user: 'root', mode: undefined, caFile: undefined };
  }
  const config = loadConfig(variables.postgresql, env);
  return {
    host: config.PGHOST,
    port: config.PGPORT ?? 5432,
    dbname: config.PGDATABASE ?? 'devdb',
    user: config.PGUSER ?? 'postgres',
    mode: config.PGSSLMODE,
    caFile: config.PGSSLROOTCERT,
  };
}

/** @throws UsageError */
export function databaseKind(text: string): DatabaseKind {
  if (text === 'postgresql' || text === 'mysql') return text;
  throw new UsageError(`--kind must be postgresql or mysql, not '${text}'`);
}
