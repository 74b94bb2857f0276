import type { Socket } from 'node:net';
import type { Logger } from '@order-stream/runtime';
import { type ProblemName, problemDocument } from './problem.ts';
import { type RequestIds, requestIdHeader } from './request-ids.ts';

const names: Record<string, ProblemName> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
};

/** Answers a connection whose headers were too slow, malformed or too large, then closes it. */
export function createConnectionErrors(options: { logger: Logger; requestIds: RequestIds }) {
  const { logger, requestIds } = options;
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const requestId = requestIds();
    const name = names[error.code ?? ''] ?? 'bad-request';
    logger.warn({ requestId, problem: name, reason: error.code }, 'request rejected');
    const problem = problemDocument(
      { name, detail: 'the request could not be read' },
      { id: requestId },
    );
    const body = JSON.stringify(problem);
    socket.end(
      `HTTP/1.1 ${problem.status} ${problem.title}\r\ncontent-type: application/problem+json\r\n` +
        `${requestIdHeader}: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  };
}
