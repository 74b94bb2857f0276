import type { IncomingHttpHeaders } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  BrokerUnavailableError,
  type Logger,
  OverloadedError,
  SendOutcomeUnknownError,
  SendRefusedError,
  type TracedWork,
  type Tracing,
  traceContextOf,
} from '@order-stream/runtime';
import { SchemaMismatchError, SerdeError } from '@order-stream/serde';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { createConnectionErrors } from './connection-errors.ts';
import type { ProducerMetrics } from './metrics.ts';
import { type Problem, sendProblem } from './problem.ts';
import { createRequestIds, requestIdHeader } from './request-ids.ts';
import { fieldFaults, type SchemaViolation, WrongOrderError } from './wrong-order.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** By `performance.now()`; 0 when the request was rejected before the first hook ran. */
    startedAtMs: number;
    /** The request's span; undefined when tracing is off. */
    traced: TracedWork | undefined;
  }
}

export const maxBodyBytes = 1_048_576;

/** Server options, exported so that the benchmark's no-op server runs with the same ones. */
export const serverOptions = {
  bodyLimit: maxBodyBytes,
  // Headers must arrive within 2 s and the whole request within 7 s, so that a slow client cannot hold a socket.
  requestTimeout: 7_000,
  http: { headersTimeout: 2_000, connectionsCheckingInterval: 500 },
  // Longer than a load balancer's idle timeout of 60 s, so that the load balancer closes first.
  keepAliveTimeout: 72_000,
  return503OnClosing: false,
  ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
} as const;

/** The HTTP application without a listening port: body limits, problem documents, metrics, request log. */
export function createApplication(options: {
  logger: Logger;
  logRequestsPerSecond: number;
  metrics: ProducerMetrics;
  tracing?: Tracing | undefined;
  stopping: () => boolean;
}): FastifyInstance {
  const { logger, metrics, tracing } = options;
  const requestIds = createRequestIds();
  const app = fastify({
    ...serverOptions,
    // Hooks do not run for these errors.
    frameworkErrors: (_error, request, reply) => {
      reply.header(requestIdHeader, request.id);
      reject(request, reply, { name: 'bad-request', detail: 'the URL is not valid' });
    },
    clientErrorHandler: createConnectionErrors({ logger, requestIds }),
    genReqId: ({ headers }) => requestIds(headers),
  }).withTypeProvider<TypeBoxTypeProvider>();
  const logRequest = successLog(logger, options.logRequestsPerSecond);

  function reject(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
    logger.warn({ requestId: request.id, problem: problem.name }, 'request rejected');
    return sendProblem(request, reply, problem);
  }

  app.removeContentTypeParser('text/plain');
  app.decorateRequest('startedAtMs', 0);
  app.decorateRequest('traced', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(requestIdHeader, request.id);
    request.startedAtMs = performance.now();
    metrics.requestStarted();
    if (tracing !== undefined) request.traced = beginRequest(tracing, request);
    if (options.stopping()) reply.header('connection', 'close');
    const detail = unsupported(request.headers);
    if (detail === undefined) done();
    else reject(request, reply, { name: 'unsupported-media-type', detail });
  });
  // Not onResponse, which costs two listeners per request and does not run when the client disconnects first.
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.startedAtMs > 0) {
      const seconds = (performance.now() - request.startedAtMs) / 1_000;
      const route = request.routeOptions.url ?? 'unknown';
      metrics.requestEnded(request.method, route, reply.statusCode, seconds);
      if (reply.statusCode < 400) logRequest(request.id, route, reply.statusCode, seconds);
      request.traced?.end(
        { 'http.response.status_code': reply.statusCode },
        reply.statusCode >= 500 ? String(reply.statusCode) : undefined,
      );
    }
    done(null, payload);
  });
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    if (!app.hasRoute({ method: 'POST', url: path }))
      return reject(request, reply, { name: 'not-found', detail: 'see POST /orders' });
    reply.header('allow', 'POST');
    return reject(request, reply, { name: 'wrong-method', detail: 'only POST is supported' });
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error as FastifyError, request.body);
    const level = problem.name === 'internal-error' ? 'error' : 'warn';
    logger[level](
      {
        requestId: request.id,
        problem: problem.name,
        pointers: problem.errors?.map(({ pointer }) => pointer),
        ...(level === 'error' ? { err: error } : { reason: (error as Error).message }),
      },
      'request rejected',
    );
    return sendProblem(request, reply, problem);
  });
  return app;
}

/** Why the body's encoding is not supported; undefined when it is. JSON is always UTF-8 (RFC 8259 §8.1). */
function unsupported(headers: IncomingHttpHeaders): string | undefined {
  if (headers['content-encoding'] !== undefined) return 'Content-Encoding is not supported';
  const type = headers['content-type'];
  if (type === undefined || type === 'application/json') return undefined;
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(type)?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return undefined;
  return 'charset: expected utf-8, because JSON is always UTF-8';
}

/** Names follow OpenTelemetry's semantic conventions for HTTP servers. */
function beginRequest(tracing: Tracing, request: FastifyRequest): TracedWork {
  const { method, routeOptions, headers } = request;
  return tracing.begin(routeOptions.url === undefined ? method : `${method} ${routeOptions.url}`, {
    kind: 'server',
    parent: traceContextOf(headers),
    attributes: {
      'http.request.method': method,
      ...(routeOptions.url !== undefined && { 'http.route': routeOptions.url }),
    },
  });
}

function problemOf(error: FastifyError, body: unknown): Problem {
  if (error.validation)
    return {
      name: 'wrong-order',
      detail: 'see errors',
      errors: fieldFaults(error.validation as SchemaViolation[], body),
    };
  if (error instanceof WrongOrderError)
    return { name: 'wrong-order', detail: 'see errors', errors: error.faults };
  if (error instanceof SchemaMismatchError)
    return {
      name: 'schema-mismatch',
      detail: 'the order does not match its registered schema',
      errors: [
        {
          pointer: error.pointer,
          code: 'schema-mismatch',
          detail: 'does not match the registered schema',
        },
      ],
    };
  if (error instanceof OverloadedError) return { name: 'overloaded', detail: error.message };
  if (error instanceof SendOutcomeUnknownError)
    return {
      name: 'timeout-unknown-outcome',
      detail: 'the brokers did not answer; sending the order again may write it twice',
    };
  if (error instanceof SendRefusedError)
    return error.isTooLarge
      ? { name: 'too-large', detail: 'the order is larger than the topic allows' }
      : { name: 'broker-unavailable', detail: 'the brokers refused the write' };
  // The details name hosts, roles and accounts, so they appear only in the log and on /readyz.
  if (error instanceof BrokerUnavailableError)
    return { name: 'broker-unavailable', detail: 'nothing was written; send the order again' };
  if (error instanceof SerdeError)
    return { name: 'registry-unavailable', detail: 'nothing was written; send the order again' };
  switch (error.statusCode) {
    case 400:
      return { name: 'invalid-body', detail: 'the body is not valid JSON' };
    case 413:
      return { name: 'too-large', detail: `the body must not exceed ${maxBodyBytes} bytes` };
    case 415:
      return { name: 'unsupported-media-type', detail: 'send application/json' };
    default:
      return { name: 'internal-error', detail: 'search the log for the request_id' };
  }
}

/** Logs at most `perSecond` lines a second, because a log line costs more than the order. */
function successLog(logger: Logger, perSecond: number) {
  let second = 0;
  let count = 0;
  return (requestId: string, route: string, status: number, seconds: number) => {
    const now = Math.floor(performance.now() / 1_000);
    if (now !== second) {
      second = now;
      count = 0;
    }
    if (count++ < perSecond) logger.info({ requestId, route, status, seconds }, 'request answered');
  };
}
