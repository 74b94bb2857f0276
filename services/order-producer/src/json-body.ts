import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { OverloadedError } from '@order-stream/runtime';
import type { FastifyRequest } from 'fastify';
import type { BodyBudget, PartialBody } from './body-budget.ts';
import { ProblemError } from './problem.ts';

type BodyParsed = (error: Error | null, body?: unknown) => void;

const empty = Buffer.alloc(0);
/** The smallest buffer of a body that arrives in pieces. */
const minBufferBytes = 1_024;

/**
 * Reads and parses JSON bodies of at most `maxBytes`. Bytes that wait for the rest of their body count in the budget. A
 * body in one piece does not wait, so it is not counted.
 */
export function createJsonBody(options: {
  maxBytes: number;
  budget: BodyBudget;
  parse: (request: FastifyRequest, text: string, done: BodyParsed) => void;
}) {
  const { maxBytes, budget, parse } = options;
  const tooLarge = () =>
    new ProblemError({ name: 'too-large', detail: `the body must not exceed ${maxBytes} bytes` });
  return (request: FastifyRequest, payload: IncomingMessage, done: BodyParsed): void => {
    const { headers, connection, place } = request;
    const declaredBytes = Number(headers['content-length']);
    if (declaredBytes > maxBytes) {
      done(tooLarge());
      return;
    }
    if (headers.expect !== undefined && request.raw.httpVersionMinor === 1)
      connection.newest?.raw.writeContinue();

    let content: Buffer = empty;
    let length = 0;
    let ended = false;
    let partial: PartialBody | undefined;

    function end(error?: Error): void {
      if (ended) return;
      ended = true;
      if (connection.rejectBody === end) connection.rejectBody = undefined;
      if (partial !== undefined) budget.release(partial);
      const received = content.subarray(0, length);
      // The request lives until its answer has left. Its bytes do not.
      content = empty;
      if (error !== undefined) done(error);
      // An earlier request was answered with `connection: close` in the meantime. No client sees this answer.
      else if (place > connection.last)
        done(brokenRequest('the connection ends with an earlier answer'));
      else if (isUtf8(received)) parse(request, received.toString(), done);
      else done(new ProblemError({ name: 'invalid-body', detail: 'the body is not valid UTF-8' }));
    }

    /** Copies: a buffer for each piece would take 200 bytes for a piece of one. */
    function append(piece: Buffer): void {
      const needed = length + piece.length;
      if (needed > content.length) {
        const doubled = Math.min(2 * content.length, declaredBytes || maxBytes);
        const size = Math.max(needed, doubled, minBufferBytes);
        partial ??= { bytes: 0, reject: () => end(new OverloadedError()) };
        budget.resize(partial, size);
        if (ended) return;
        const larger = Buffer.allocUnsafeSlow(size);
        content.copy(larger, 0, 0, length);
        content = larger;
      }
      piece.copy(content, length);
      length = needed;
    }

    connection.rejectBody = end;
    payload.on('data', (piece: Buffer) => {
      if (ended) return;
      if (piece.length === declaredBytes) {
        content = piece;
        length = piece.length;
      } else if (length + piece.length > maxBytes) end(tooLarge());
      else append(piece);
    });
    payload.on('end', () => end());
    payload.on('error', () => end(brokenRequest('the connection was lost')));
  };
}

const brokenRequest = (detail: string) => new ProblemError({ name: 'bad-request', detail });
