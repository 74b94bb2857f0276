import type { RequestListener } from 'node:http';
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
import type { BodyBudget } from './body-budget.ts';
import { createConnectionErrors } from './connection-errors.ts';
import { answerReady, requestReceived } from './connections.ts';
import { createHttpServer } from './http-server.ts';
import { createJsonBody } from './json-body.ts';
import type { ProducerMetrics } from './metrics.ts';
import { type Problem, ProblemError, sendProblem } from './problem.ts';
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
  bodyBudget: BodyBudget;
  tracing?: Tracing | undefined;
  stopping: () => boolean;
}): FastifyInstance {
  const { logger, metrics, tracing } = options;
  const requestIds = createRequestIds();
  const connectionErrors = createConnectionErrors({ logger, requestIds });
  const app = fastify({
    ...serverOptions,
    serverFactory: (handle) =>
      createHttpServer(handle as RequestListener, serverOptions, connectionErrors),
    // The server's own listener answers. Fastify would add one that closes the connection.
    clientErrorHandler: () => {},
    // Hooks do not run for these errors.
    frameworkErrors: (_error, request, reply) => {
      if (!begin(request, reply)) return;
      end(request, reply);
      reject(request, reply, { name: 'bad-request', detail: 'the URL is not valid' });
    },
    genReqId: ({ headers }) => requestIds(headers),
  }).withTypeProvider<TypeBoxTypeProvider>();
  const logRequest = successLog(logger, options.logRequestsPerSecond);

  /** Returns false if the request must not be processed. */
  function begin(request: FastifyRequest, reply: FastifyReply): boolean {
    if (!requestReceived(request, reply)) {
      reply.hijack();
      return false;
    }
    reply.header(requestIdHeader, request.id);
    return true;
  }

  function end(request: FastifyRequest, reply: FastifyReply): void {
    answerReady(request, reply, { stopping: options.stopping(), maxBodyBytes });
  }

  function reject(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
    logger.warn({ requestId: request.id, problem: problem.name }, 'request rejected');
    return sendProblem(request, reply, problem);
  }

  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(
    'application/json',
    createJsonBody({
      maxBytes: maxBodyBytes,
      budget: options.bodyBudget,
      parse: app.getDefaultJsonParser('error', 'error'),
    }),
  );
  app.decorateRequest('connection');
  app.decorateRequest('place', 0);
  app.decorateRequest('startedAtMs', 0);
  app.decorateRequest('traced', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    if (!begin(request, reply)) return;
    request.startedAtMs = performance.now();
    metrics.requestStarted();
    if (tracing !== undefined) request.traced = beginRequest(tracing, request);
    const problem = headerProblem(request);
    if (problem === undefined) return done();
    // Without a Host it is not known for whom the next requests are.
    if (problem.name === 'bad-request') reply.header('connection', 'close');
    reject(request, reply, problem);
  });
  // Not onResponse, which costs two listeners per request and does not run when the client disconnects first.
  app.addHook('onSend', (request, reply, payload, done) => {
    end(request, reply);
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

/** Why a request is rejected by its headers; undefined if it is not. JSON is always UTF-8 (RFC 8259 §8.1). */
function headerProblem({ headers, raw }: FastifyRequest): Problem | undefined {
  if (raw.httpVersionMinor === 1) {
    if (headers.host === undefined)
      return { name: 'bad-request', detail: 'the Host header is missing' };
    if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue')
      return { name: 'expectation-failed', detail: 'send Expect: 100-continue or none' };
  }
  const unsupported = (detail: string): Problem => ({ name: 'unsupported-media-type', detail });
  if (headers['content-encoding'] !== undefined)
    return unsupported('Content-Encoding is not supported');
  const type = headers['content-type'];
  if (type === undefined || type === 'application/json') return undefined;
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(type)?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return undefined;
  return unsupported('charset: expected utf-8, because JSON is always UTF-8');
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
  if (error instanceof ProblemError) return error.problem;
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
