import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface IamKey {
  accessKeyId: string;
  secretAccessKey: string;
  principal: string;
  sessionToken: string;
  expiresAtMs: number;
}

/**
 * A broker that checks IAM tokens as Amazon MSK does, and reads the valid keys from a file.
 * @throws if a variable that describes the broker is absent
 */
export function iamBroker() {
  const variable = (name: string): string => {
    const value = process.env[name];
    if (value === undefined)
      throw new Error(`${name} is required: it describes the broker that checks IAM tokens`);
    return value;
  };
  const keysFile = variable('IAM_KEYS_FILE');
  return {
    bootstrapServers: variable('IAM_BOOTSTRAP_SERVERS'),
    adminServers: variable('IAM_ADMIN_SERVERS'),
    caFile: variable('IAM_CA_FILE'),
    region: variable('IAM_REGION'),
    /** The broker's log so far: one line for each accepted or rejected token. */
    log: () => readFileSync(variable('IAM_BROKER_LOG'), 'utf8'),
    /** Makes exactly these keys valid. */
    accept(...keys: IamKey[]): void {
      const lines = keys.map((key) =>
        [
          key.accessKeyId,
          key.secretAccessKey,
          key.principal,
          key.sessionToken,
          Math.floor(key.expiresAtMs / 1_000),
        ].join(' '),
      );
      writeFileSync(keysFile, `${lines.join('\n')}\n`);
    },
  };
}

let made = 0;

export function newKey(options: { principal?: string; lifetimeMs?: number } = {}): IamKey {
  made += 1;
  return {
    accessKeyId: `ASIATEST${process.pid}${made}`,
    secretAccessKey: `secret-${made}-${Math.random().toString(36).slice(2)}`,
    principal: options.principal ?? 'arn:aws:sts::123456789012:assumed-role/orders/task',
    sessionToken: `session-${made}`,
    expiresAtMs: Date.now() + (options.lifetimeMs ?? 3_600_000),
  };
}

export type CredentialsEndpoint = Awaited<ReturnType<typeof startCredentialsEndpoint>>;

export async function startCredentialsEndpoint(first: IamKey) {
  let current = first;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        AccessKeyId: current.accessKeyId,
        SecretAccessKey: current.secretAccessKey,
        Token: current.sessionToken,
        Expiration: new Date(current.expiresAtMs).toISOString(),
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    /** For AWS_CONTAINER_CREDENTIALS_FULL_URI, with which ECS gives a task its role's credentials. */
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/credentials`,
    serve(key: IamKey): void {
      current = key;
    },
    async close(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The variables with which a service connects to this broker instead of a plaintext broker. */
export function iamEnvironment(
  broker: ReturnType<typeof iamBroker>,
  credentials: CredentialsEndpoint,
) {
  return {
    SECURITY_PROTOCOL: 'SASL_SSL',
    SASL_MECHANISM: 'AWS_MSK_IAM',
    SSL_CA_FILE: broker.caFile,
    AWS_REGION: broker.region,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: credentials.uri,
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
  };
}
