import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FieldFault } from './wrong-order.ts';

const kinds = {
  'bad-request': { status: 400, title: 'The request is not valid HTTP', retryable: false },
  'invalid-body': { status: 400, title: 'The body is not valid JSON', retryable: false },
  'not-found': { status: 404, title: 'The route does not exist', retryable: false },
  'wrong-method': {
    status: 405,
    title: 'The route does not support this method',
    retryable: false,
  },
  'request-timeout': { status: 408, title: 'The request arrived too slowly', retryable: true },
  'too-large': { status: 413, title: 'The body is too large', retryable: false },
  'unsupported-media-type': {
    status: 415,
    title: 'The body must be application/json without a Content-Encoding',
    retryable: false,
  },
  'wrong-order': { status: 422, title: 'The order is not valid', retryable: false },
  'schema-mismatch': {
    status: 422,
    title: 'The order does not match its registered schema',
    retryable: false,
  },
  'headers-too-large': { status: 431, title: 'The headers are too large', retryable: false },
  'internal-error': { status: 500, title: 'The service failed', retryable: false },
  overloaded: { status: 503, title: 'Too many orders are in flight', retryable: true },
  'broker-unavailable': {
    status: 503,
    title: 'The order was not written: no broker accepted it',
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

export interface Problem {
  name: ProblemName;
  detail: string;
  errors?: readonly FieldFault[];
}

const retryAfterSeconds = 1;

/** The problem document (RFC 9457). `instance` and `request_id` are absent when there is no request. */
export function problemDocument(
  { name, detail, errors = [] }: Problem,
  request?: Pick<FastifyRequest, 'url' | 'id'>,
) {
  const { status, title, retryable } = kinds[name];
  return {
    type: `urn:order-stream:problem:${name}`,
    title,
    status,
    detail,
    instance: request?.url,
    errors,
    retryable,
    request_id: request?.id,
  };
}

/** Sends a problem document; with status 503 also Retry-After. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): FastifyReply {
  const document = problemDocument(problem, request);
  if (document.status === 503) reply.header('retry-after', retryAfterSeconds);
  return reply
    .code(document.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(document);
}
