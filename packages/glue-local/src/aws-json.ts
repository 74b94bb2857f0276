import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Arns } from './arn.ts';
import { DatabaseLockedError } from './database-locked.ts';
import { accessKeyIdOf } from './faults/access-key-id.ts';
import { applyFaults } from './faults/apply-faults.ts';
import type { FaultList, FaultTarget } from './faults/fault-list.ts';
import { GlueError, InternalFaultError } from './glue-error.ts';
import type { Actions, Answer, Operation, SlowActions, SlowOperation } from './request.ts';
import { parseRequest } from './request-rules.ts';
import { operations } from './service-model.ts';
import { StorageFullError } from './storage-full.ts';
import type { Transactions } from './transactions.ts';
import { UntrustedHostError } from './untrusted-host.ts';

const contentType = 'application/x-amz-json-1.1';

/**
 * AWS JSON 1.1: `POST /` with `X-Amz-Target: AWSGlue.<Action>`. Signatures are accepted, not checked.
 */
export function serveAwsJson(
  app: FastifyInstance,
  {
    actions,
    slowActions,
    arns,
    faults,
    transactions,
  }: {
    actions: Actions;
    slowActions: SlowActions;
    arns: Arns;
    faults: FaultList;
    transactions: Transactions;
  },
): void {
  const targets = new Map(
    (Object.keys(operations) as Operation[]).map((name) => [
      `AWSGlue.${name}`,
      { name, respond: (target: FaultTarget, body: string) => call(name, target, body) },
    ]),
  );
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    // Decoded all the same, wrong bytes would become U+FFFD, a text that the client did not send.
    if (isUtf8(body as Buffer)) return done(null, body.toString());
    return done(new GlueError('SerializationException', 'The request body is not valid UTF-8'));
  });

  const closing = new AbortController();
  app.addHook('preClose', () => closing.abort());

  app.post('/', async (request, reply) => {
    const header = request.headers['x-amz-target'];
    const operation = targets.get(String(header));
    if (operation === undefined) {
      throw new GlueError('UnknownOperationException', `Unknown operation ${header ?? ''}`.trim());
    }
    if (request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() !== contentType) {
      throw new GlueError('UnknownOperationException', `Content-Type must be ${contentType}`);
    }
    const accessKeyId = accessKeyIdOf(request.headers.authorization);
    const target = { action: operation.name, accessKeyId };
    const body = typeof request.body === 'string' ? request.body : '';
    const work = async () => operation.respond(target, body);
    const found = faults.faultsOf(target);
    if (found.length === 0) return send(reply, 200, await work());
    const call = { action: operation.name, callerArn: arns.user(accessKeyId ?? 'unknown') };
    const answer = await applyFaults(found, call, reply, closing.signal, work);
    return answer && send(reply, 200, answer);
  });

  function call(name: Operation, target: FaultTarget, body: string): Promise<Answer> {
    return isSlow(name) ? callSlow(name, target, body) : callPlain(name, body);
  }

  function callPlain<Name extends keyof Actions>(name: Name, body: string): Promise<Answer> {
    const input = parseRequest(name, body);
    const run = transactions[/^(Get|List|Query|Check)/.test(name) ? 'read' : 'write'];
    return run(() => actions[name](input));
  }

  function callSlow<Name extends SlowOperation>(
    name: Name,
    target: FaultTarget,
    body: string,
  ): Promise<Answer> {
    const input = parseRequest(name, body);
    const holdsVersion = (versionId: string) => faults.holdsVersion(target, versionId);
    return transactions.writePrepared(() => slowActions[name](input, { holdsVersion }));
  }

  function isSlow(name: Operation): name is SlowOperation {
    return Object.hasOwn(slowActions, name);
  }

  app.setNotFoundHandler((request, reply) =>
    sendError(reply, 404, 'UnknownOperationException', `No route ${request.method} ${request.url}`),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof GlueError)
      return sendError(reply, error.status, error.type, error.message);
    if (error instanceof InternalFaultError) {
      return sendError(reply, error.status, 'InternalServiceException', error.message);
    }
    if (error instanceof UntrustedHostError) {
      return sendError(reply, error.statusCode, 'AccessDeniedException', error.message);
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return sendError(reply, status, 'SerializationException', error.message);
    request.log.error({ err: error }, 'request failed');
    const message =
      error instanceof StorageFullError || error instanceof DatabaseLockedError
        ? error.message
        : 'Internal error: see the log of glue-local';
    return sendError(reply, 500, 'InternalServiceException', message);
  });
}

export function sendError(reply: FastifyReply, status: number, type: string, message: string) {
  reply.header('x-amzn-errortype', type);
  return send(reply, status, { __type: type, Message: message });
}

function send(reply: FastifyReply, status: number, members: Record<string, unknown>) {
  reply.code(status).header('x-amzn-requestid', randomUUID()).header('content-type', contentType);
  // Sent as bytes: Fastify adds a charset to the content type of a string.
  return reply.send(Buffer.from(JSON.stringify(members)));
}
