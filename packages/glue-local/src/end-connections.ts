import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How long a client has to send a request, and the rest of it after the registry begins to close. */
export const requestTimeouts = { openMs: 30_000, closingMs: 3000 };

/**
 * Options of Fastify that refuse (408) a request which has not arrived `openMs` after it began. Node.js looks for such
 * requests every 30 s by default. It applies the shorter of its two timeouts to the headers and the longer one to the whole
 * request, and that of the headers is 60 s by default.
 */
export function limitArrival(openMs: number) {
  const timeouts = { requestTimeout: openMs, headersTimeout: openMs };
  return {
    requestTimeout: openMs,
    http: { ...timeouts, connectionsCheckingInterval: openMs / 30 },
  };
}

/**
 * Ends the connections that would keep a closing server open: after `closingMs` those whose request is not complete, and
 * after `answeringMs` those that still wait for their answer or do not read it. Node.js stops to apply its own timeouts
 * when a server closes.
 */
export function endConnectionsOnClose(app: FastifyInstance, answeringMs: number): void {
  const open = new Set<Socket>();
  const answering = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // The body is read before this hook.
  app.addHook('preHandler', ({ raw: { socket } }, reply, done) => {
    answering.add(socket);
    reply.raw.once('close', () => answering.delete(socket));
    done();
  });
  let isClosing = false;
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // Without this, a connection that is kept alive stays open after the last answer.
    if (isClosing) reply.header('connection', 'close');
    done();
  });
  const timers: NodeJS.Timeout[] = [];
  app.addHook('preClose', async () => {
    isClosing = true;
    const endIncomplete = () => {
      for (const socket of open) if (!answering.has(socket)) socket.destroy();
    };
    const endAll = () => {
      for (const socket of open) socket.destroy();
    };
    timers.push(setTimeout(endIncomplete, requestTimeouts.closingMs));
    timers.push(setTimeout(endAll, Math.max(answeringMs, requestTimeouts.closingMs)));
  });
  app.addHook('onClose', async () => timers.forEach(clearTimeout));
}
