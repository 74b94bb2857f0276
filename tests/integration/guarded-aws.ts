import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessKeyOf } from '@order-stream/local-stack/sts';

/** What IAM would allow: whose requests are answered and, for a registry, about which registries. */
interface Permissions {
  accessKeyId: string;
  sessionToken: string;
  registries?: readonly string[];
}

/** A proxy before a registry or a table that denies requests as IAM does: by the caller's key, or the registry's name. */
export async function startGuardedAws(endpoint: string, permissions: Permissions) {
  const denied: string[] = [];
  const server = createServer(async (request, response) => {
    const { headers } = request;
    const [service, action] = String(headers['x-amz-target']).split('.');
    const deny = (reason: string) => {
      denied.push(`${action}: ${reason}`);
      const message = `User is not authorized to perform: ${service}:${action}`;
      response.writeHead(400, { 'content-type': String(headers['content-type']) });
      response.end(JSON.stringify({ __type: 'AccessDeniedException', message }));
    };
    const body = Buffer.concat(await request.toArray());
    if (
      accessKeyOf(headers.authorization) !== permissions.accessKeyId ||
      headers['x-amz-security-token'] !== permissions.sessionToken
    )
      return deny('foreign credentials');
    const names = ['content-type', 'x-amz-target', 'x-amz-date', 'authorization'];
    const passedOn = names.map((name): [string, string] => [name, String(headers[name])]);
    const answer = await fetch(endpoint, { method: 'POST', headers: passedOn, body });
    const text = await answer.text();
    // A schema version is asked for by its id alone. Only the answer names its registry.
    const named = /:(?:schema|registry)\/([^/"]+)/.exec(text)?.[1];
    if (named !== undefined && permissions.registries?.includes(named) === false)
      return deny(`registry ${named}`);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The denied requests so far. */
    denied,
    async stop(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
