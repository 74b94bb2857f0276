import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RoleCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresAtMs: number;
}

/** Who may assume a role, and the credentials that the role gives. */
export interface Role {
  arn: string;
  trusts: (accessKeyId: string) => boolean;
  credentials: () => RoleCredentials;
}

/** The access key of a request's signature (SigV4). */
export function accessKeyOf(authorization: string | undefined): string | undefined {
  return /\bCredential=([^/,]+)\//.exec(authorization ?? '')?.[1];
}

/** Starts an STS that lets a caller assume a role only if the role trusts the caller's access key. */
export async function startSts(roles: readonly Role[]) {
  const requests: { accessKeyId: string | undefined; roleArn: string; sessionName: string }[] = [];
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const roleArn = form.get('RoleArn') ?? '';
    const accessKeyId = accessKeyOf(request.headers.authorization);
    requests.push({ accessKeyId, roleArn, sessionName: form.get('RoleSessionName') ?? '' });
    const role = roles.find(({ arn, trusts }) => arn === roleArn && trusts(accessKeyId ?? ''));
    response.writeHead(role ? 200 : 403, { 'content-type': 'text/xml' });
    response.end(role ? assumed(role.credentials()) : denied(roleArn));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    /** For `AWS_ENDPOINT_URL_STS`. */
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every request so far, refused ones too. */
    requests,
    async stop(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

function assumed(credentials: RoleCredentials): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = credentials;
  return `<AssumeRoleResponse xmlns="${namespace}"><AssumeRoleResult><Credentials>
    <AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>
    <SessionToken>${sessionToken}</SessionToken><Expiration>${new Date(expiresAtMs).toISOString()}</Expiration>
    </Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}

function denied(roleArn: string): string {
  return `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>AccessDenied</Code>
    <Message>User is not authorized to perform: sts:AssumeRole on resource: ${roleArn}</Message></Error></ErrorResponse>`;
}
