import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTrustedHost } from './page/trusted-host.ts';

/** A browser may have sent the request for a foreign site whose name leads to this server (DNS rebinding). */
export class UntrustedHostError extends Error {
  readonly code = 'untrusted-host';
  readonly retryable = false;
  readonly statusCode = 421;

  constructor() {
    super(
      'Browsers are answered at IP addresses, at localhost, and at host names that public DNS cannot have, such as glue-local or registry.internal. This protects the registry from other sites.',
    );
    this.name = 'UntrustedHostError';
  }
}

/** Refuses what a script of a foreign site can send. SDKs and other programs can use any host name. */
export function refuseUntrustedHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (mayComeFromPage(request) && !isTrustedHost(request.headers.host)) {
      throw new UntrustedHostError();
    }
  });
}

function mayComeFromPage({ headers, method, routeOptions }: FastifyRequest): boolean {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return true;
  // Without TLS, a browser sends neither with a GET to the host of the page. The address may be percent-encoded, so the
  // route decides and not the text of the address.
  return (
    (method === 'GET' || method === 'HEAD') && routeOptions.url?.startsWith('/_local/') === true
  );
}
