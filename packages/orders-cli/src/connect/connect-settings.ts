import { readFileSync } from 'node:fs';
import {
  type ConfigFault,
  certificateFileProblem,
  type Environment,
  httpUrl,
  loadConfig,
} from '@order-stream/runtime';
import Type, { type Static } from 'typebox';

const variables = Type.Object({
  CONNECT_URL: httpUrl({ default: 'http://127.0.0.1:8083' }),
  SSL_CA_FILE: Type.Optional(Type.String()),
  CONNECT_CERTIFICATE_FILE: Type.Optional(Type.String()),
  CONNECT_KEY_FILE: Type.Optional(Type.String()),
});

type Variables = Static<typeof variables>;

/** For the help of commands. */
export const connectHelp = `The worker comes from the environment: CONNECT_URL (default http://127.0.0.1:8083), with
user:password@ for Basic authentication. For https: SSL_CA_FILE, a PEM file of additional trusted
authorities, and CONNECT_CERTIFICATE_FILE with CONNECT_KEY_FILE for a client certificate.`;

export interface ConnectSettings {
  /** Without user and password. */
  url: URL;
  /** The header `authorization`; undefined without user and password in the URL. */
  authorization: string | undefined;
  caFile: string | undefined;
  /** PEM. */
  clientCertificate: { certificate: string; key: string } | undefined;
}

/** @throws ConfigError, which never shows the URL: it may hold a password */
export function loadConnectSettings(env: Environment): ConnectSettings {
  const config = loadConfig(variables, env, [certificateFaults]);
  const url = new URL(config.CONNECT_URL);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  const userInfo = `${unescaped(username)}:${unescaped(password)}`;
  const { CONNECT_CERTIFICATE_FILE: certificate, CONNECT_KEY_FILE: key } = config;
  return {
    url,
    authorization:
      username === '' && password === ''
        ? undefined
        : `Basic ${Buffer.from(userInfo).toString('base64')}`,
    caFile: config.SSL_CA_FILE,
    clientCertificate:
      certificate === undefined || key === undefined
        ? undefined
        : { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') },
  };
}

function certificateFaults(config: Partial<Variables>): ConfigFault[] {
  const { SSL_CA_FILE, CONNECT_CERTIFICATE_FILE, CONNECT_KEY_FILE } = config;
  const faults: ConfigFault[] = [];
  const certificateFile = (variable: string, file: string | undefined) => {
    const problem = file === undefined ? undefined : certificateFileProblem(file);
    if (problem !== undefined) faults.push({ variable, problem });
  };
  certificateFile('SSL_CA_FILE', SSL_CA_FILE);
  certificateFile('CONNECT_CERTIFICATE_FILE', CONNECT_CERTIFICATE_FILE);
  const keyProblem = CONNECT_KEY_FILE === undefined ? undefined : unreadable(CONNECT_KEY_FILE);
  if (keyProblem !== undefined) faults.push({ variable: 'CONNECT_KEY_FILE', problem: keyProblem });
  for (const [variable, present, other] of [
    ['CONNECT_KEY_FILE', CONNECT_KEY_FILE, CONNECT_CERTIFICATE_FILE],
    ['CONNECT_CERTIFICATE_FILE', CONNECT_CERTIFICATE_FILE, CONNECT_KEY_FILE],
  ] as const)
    if (present === undefined && other !== undefined)
      faults.push({ variable, problem: 'is required: a client certificate needs its key' });
  return faults;
}

function unreadable(file: string): string | undefined {
  try {
    readFileSync(file);
    return undefined;
  } catch (error) {
    return `must name a file that can be read (${(error as NodeJS.ErrnoException).code})`;
  }
}

/** A percent sign that begins no escape stands for itself. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
