import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { GlueError } from './glue-error.ts';
import { type Members, parseMembers } from './members.ts';
import { StorageFullError } from './storage-full.ts';

/** An operation of the API: turns the members of the request into those of the response. */
export type Action = (input: Members) => Record<string, unknown>;

const contentType = 'application/x-amz-json-1.1';

/**
 * AWS JSON 1.1: `POST /` with `X-Amz-Target: AWSGlue.<Action>`. Signatures are accepted, not checked.
 * @param run runs an action in one transaction
 */
export function serveAwsJson(
  app: FastifyInstance,
  actions: Readonly<Record<string, Action>>,
  run: <Result>(work: () => Result) => Result,
): void {
  const targets = new Map(
    Object.entries(actions).map(([name, action]) => [`AWSGlue.${name}`, action]),
  );
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.post('/', (request, reply) => {
    const target = request.headers['x-amz-target'];
    const action = targets.get(String(target));
    if (action === undefined) {
      throw new GlueError('UnknownOperationException', `Unknown operation ${target ?? ''}`.trim());
    }
    if (request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() !== contentType) {
      throw new GlueError('UnknownOperationException', `Content-Type must be ${contentType}`);
    }
    const input = parseMembers(typeof request.body === 'string' ? request.body : '');
    const output = run(() => action(input));
    return send(reply, 200, output);
  });

  app.setNotFoundHandler((request, reply) =>
    sendError(reply, 404, 'UnknownOperationException', `No route ${request.method} ${request.url}`),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof GlueError) return sendError(reply, 400, error.type, error.message);
    const status = error.statusCode ?? 500;
    if (status < 500) return sendError(reply, status, 'SerializationException', error.message);
    request.log.error({ err: error }, 'request failed');
    const message =
      error instanceof StorageFullError
        ? error.message
        : 'Internal error: see the log of glue-local';
    return sendError(reply, 500, 'InternalServiceException', message);
  });
}

function sendError(reply: FastifyReply, status: number, type: string, message: string) {
  reply.header('x-amzn-errortype', type);
  return send(reply, status, { __type: type, Message: message });
}

function send(reply: FastifyReply, status: number, members: Record<string, unknown>) {
  reply.code(status).header('x-amzn-requestid', randomUUID()).header('content-type', contentType);
  // Sent as bytes: Fastify adds a charset to the content type of a string.
  return reply.send(Buffer.from(JSON.stringify(members)));
}
