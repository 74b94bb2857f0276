import { isIPv6 } from 'node:net';
import type { Terminal } from '../../command.ts';
import type { DatabaseSettings } from './database-settings.ts';
import { findPassword } from './password.ts';

/** All that a connection needs. */
export interface Login extends DatabaseSettings {
  password: string;
  /** Host and port, for messages. */
  place: string;
  /** Passwords that no message may show. Those that are found later are added. */
  secrets: string[];
}

/** @throws UsageError, ConfigError, StoppedError */
export async function createLogin(settings: DatabaseSettings, terminal: Terminal): Promise<Login> {
  const { kind, host, port, user, passwordFile } = settings;
  const place = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const password = await findPassword(
    {
      owner: `${user} at ${place}`,
      file: passwordFile,
      fileFlag: '--password-file',
      variable: kind === 'mysql' ? 'MYSQL_PWD' : 'PGPASSWORD',
    },
    terminal,
  );
  return { ...settings, password, place, secrets: [password] };
}
