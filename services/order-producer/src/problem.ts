import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FieldFault } from './wrong-order.ts';

const kinds = {
  'invalid-body': { status: 400, title: 'The body is not valid JSON', retryable: false },
  'not-found': { status: 404, title: 'There is no such route', retryable: false },
  'too-large': { status: 413, title: 'The body is too large', retryable: false },
  'unsupported-media-type': {
    status: 415,
    title: 'The body must be application/json without a Content-Encoding',
    retryable: false,
  },
  'wrong-order': { status: 422, title: 'The order is not valid', retryable: false },
  'schema-mismatch': {
    status: 422,
    title: 'The order does not fit its registered schema',
    retryable: false,
  },
  'internal-error': { status: 500, title: 'The service failed', retryable: false },
  overloaded: { status: 503, title: 'Too many orders are in flight', retryable: true },
  'broker-unavailable': {
    status: 503,
    title: 'The order was not written: no broker took it',
    retryable: true,
  },
  'registry-unavailable': {
    status: 503,
    title: 'The order was not written: its schema is not available',
    retryable: true,
  },
  'timeout-unknown-outcome': {
    status: 503,
    title: 'The order may or may not have been written',
    retryable: true,
  },
} as const;

export type ProblemName = keyof typeof kinds;

export type Problem = {
  name: ProblemName;
  detail: string;
  errors?: readonly FieldFault[];
};

const retryAfterSeconds = 1;

/** Answers with a problem document (RFC 9457); 503 carries Retry-After. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): FastifyReply {
  const { status, title, retryable } = kinds[problem.name];
  if (status === 503) reply.header('retry-after', retryAfterSeconds);
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({
      type: `urn:order-stream:problem:${problem.name}`,
      title,
      status,
      detail: problem.detail,
      instance: request.url,
      errors: problem.errors ?? [],
      retryable,
      request_id: request.id,
    });
}
