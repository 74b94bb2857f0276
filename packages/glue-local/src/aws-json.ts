import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { GlueError } from './glue-error.ts';
import { type Members, parseMembers } from './members.ts';

/** One operation of the API: members of the request to members of the response. */
export type Action = (input: Members) => Record<string, unknown>;

const contentType = 'application/x-amz-json-1.1';
const targetPrefix = 'AWSGlue.';

/**
 * AWS JSON 1.1: `POST /` with `X-Amz-Target: AWSGlue.<Action>`. Signatures are accepted, not checked.
 * @param run performs the action, in one transaction
 */
export function serveAwsJson(
  app: FastifyInstance,
  actions: Readonly<Record<string, Action>>,
  run: <Result>(work: () => Result) => Result,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.post('/', (request, reply) => {
    const action = findAction(actions, request.headers['x-amz-target']);
    if (request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() !== contentType) {
      throw new GlueError('UnknownOperationException', `Content-Type must be ${contentType}`);
    }
    const input = parseMembers(typeof request.body === 'string' ? request.body : '');
    return answer(
      reply,
      200,
      run(() => action(input)),
    );
  });

  app.setNotFoundHandler((request, reply) =>
    refuse(reply, 404, 'UnknownOperationException', `No route ${request.method} ${request.url}`),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof GlueError) return refuse(reply, 400, error.type, error.message);
    const status = error.statusCode ?? 500;
    if (status < 500) return refuse(reply, status, 'SerializationException', error.message);
    request.log.error({ err: error }, 'request failed');
    return refuse(reply, 500, 'InternalServiceException', 'The registry failed, see its log');
  });
}

function findAction(
  actions: Readonly<Record<string, Action>>,
  target: string | string[] | undefined,
): Action {
  const name =
    typeof target === 'string' && target.startsWith(targetPrefix)
      ? target.slice(targetPrefix.length)
      : undefined;
  const action = name !== undefined && Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) {
    throw new GlueError('UnknownOperationException', `Unknown operation ${target ?? ''}`.trim());
  }
  return action;
}

function refuse(reply: FastifyReply, status: number, type: string, message: string) {
  reply.header('x-amzn-errortype', type);
  return answer(reply, status, { __type: type, Message: message });
}

function answer(reply: FastifyReply, status: number, members: Record<string, unknown>) {
  reply.code(status).header('x-amzn-requestid', randomUUID()).header('content-type', contentType);
  // Bytes, for Fastify would add a charset to the type of a text.
  return reply.send(Buffer.from(JSON.stringify(members)));
}
