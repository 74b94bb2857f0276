import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FieldFault } from './wrong-order.ts';

/** Status and title of each problem. */
const kinds = {
  'bad-request': [400, 'The request is not valid HTTP'],
  'invalid-body': [400, 'The body is not valid JSON'],
  'not-found': [404, 'The route does not exist'],
  'wrong-method': [405, 'The route does not support this method'],
  'request-timeout': [408, 'The request arrived too slowly'],
  'too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be application/json without a Content-Encoding'],
  'expectation-failed': [417, 'The Expect header is not supported'],
  'wrong-order': [422, 'The order is not valid'],
  'schema-mismatch': [422, 'The order does not match its registered schema'],
  'headers-too-large': [431, 'The headers are too large'],
  'internal-error': [500, 'The service failed'],
  overloaded: [503, 'Too many orders are in flight'],
  'broker-unavailable': [503, 'The order was not written: no broker accepted it'],
  'registry-unavailable': [503, 'The order was not written: its schema is not available'],
  'timeout-unknown-outcome': [503, 'The order may or may not have been written'],
} as const;

/** The same request may succeed later: it arrived too slowly, or a dependency was unavailable. */
const retryableStatuses: readonly number[] = [408, 503];

export type ProblemName = keyof typeof kinds;

export interface Problem {
  name: ProblemName;
  detail: string;
  errors?: readonly FieldFault[];
}

/** Ends a request with this problem. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

const retryAfterSeconds = 1;

/** The problem document (RFC 9457). `instance` is absent when the request could not be read. */
export function problemDocument(
  { name, detail, errors = [] }: Problem,
  request: { id: string; url?: string },
) {
  const [status, title] = kinds[name];
  return {
    type: `urn:order-stream:problem:${name}`,
    title,
    status,
    detail,
    instance: request.url,
    errors,
    retryable: retryableStatuses.includes(status),
    request_id: request.id,
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
