import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { createConnectionErrors } from './connection-errors.ts';
import { connectionOpened } from './connections.ts';

/**
 * Node's server, as this service runs it. Made here and not by Fastify, which passes none of this to the second server that
 * it opens for HOST=localhost.
 */
export function createHttpServer(
  handle: RequestListener,
  options: {
    http: { headersTimeout: number; connectionsCheckingInterval: number };
    requestTimeout: number;
    keepAliveTimeout: number;
  },
  errors: ReturnType<typeof createConnectionErrors>,
): Server {
  const { http, requestTimeout, keepAliveTimeout } = options;
  const server = createServer(
    // Node's own answer to a missing Host has no problem document.
    { ...http, requestTimeout, keepAliveTimeout, requireHostHeader: false },
    handle,
  );
  // A client that has ended its side still reads the answer (RFC 9112 §9.6). Not in the documentation of Node.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('connection', connectionOpened);
  server.on('clientError', errors.failed);
  server.on('connect', (_request: IncomingMessage, socket: Socket) =>
    errors.connectRequested(socket),
  );
  // `100 Continue` is sent when the body is read, so that a refused body is never sent.
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
  return server;
}
