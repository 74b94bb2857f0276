import type { Socket } from 'node:net';
import type { Logger } from '@order-stream/runtime';
import { connectionOf, endAfter } from './connections.ts';
import { type Problem, ProblemError, problemDocument } from './problem.ts';
import { type RequestIds, requestIdHeader } from './request-ids.ts';

/** Handles input that Node does not pass on as a request: bytes that are not HTTP, headers that are too large or too slow, CONNECT. */
export function createConnectionErrors(options: { logger: Logger; requestIds: RequestIds }) {
  const { logger, requestIds } = options;

  /** Answers requests that are complete, in their order, and none of them by `problem`. Then the connection ends. */
  function refuse(socket: Socket, problem: Problem, reason: string): void {
    const connection = connectionOf(socket);
    const { newest } = connection;
    if (connection.last !== Number.POSITIVE_INFINITY) return;
    endAfter(connection, connection.requests);
    if (newest !== undefined && !newest.raw.writableFinished)
      newest.raw.once('finish', () => socket.destroySoon());
    // An early answer has been given to the request that is broken now.
    else if (newest?.request.raw.complete === false) socket.destroySoon();
    else answer(socket, problem, reason);
  }

  /** Writes an answer that belongs to no request. */
  function answer(socket: Socket, problem: Problem, reason: string): void {
    const requestId = requestIds();
    const document = problemDocument(problem, { id: requestId });
    logger.warn({ requestId, problem: problem.name, reason }, 'request rejected');
    const body = JSON.stringify(document);
    socket.write(
      `HTTP/1.1 ${document.status} ${document.title}\r\ncontent-type: application/problem+json\r\n` +
        `${requestIdHeader}: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
    socket.destroySoon();
  }

  return {
    /** The server's event `clientError`. */
    failed({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
      const problem = problemOf(code);
      if (problem === undefined) socket.destroy();
      else {
        const { newest, rejectBody } = connectionOf(socket);
        // The fault is in the body of a request, so the answer is that request's.
        if (rejectBody !== undefined && !newest?.request.raw.complete)
          rejectBody(new ProblemError(problem));
        else refuse(socket, problem, code);
      }
    },
    /** The server's event `connect`. Without a listener, Node would close the connection with its answers. */
    connectRequested(socket: Socket): void {
      socket.on('error', () => socket.destroy());
      refuse(socket, { name: 'wrong-method', detail: 'only POST is supported' }, 'CONNECT');
    },
  };
}

/** The problem of bytes that cannot be read; undefined for a connection that was lost. */
function problemOf(code: string): Problem | undefined {
  const detail = 'the request could not be read';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { name: 'request-timeout', detail };
  if (code === 'HPE_HEADER_OVERFLOW') return { name: 'headers-too-large', detail };
  return code.startsWith('HPE_') ? { name: 'bad-request', detail } : undefined;
}
