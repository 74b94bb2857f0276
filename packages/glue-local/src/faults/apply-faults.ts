import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { GlueError, InternalFaultError } from '../glue-error.ts';
import type { Operation } from '../request.ts';
import type { Fault } from './fault.ts';

/** A call that gets faults, as the error of missing permissions names it. */
export interface FaultyCall {
  action: Operation;
  /** Of the IAM user that signed it. */
  callerArn: string;
}

/**
 * Runs an action with the faults of its call. A client that gives up during a latency before the action has no effect
 * on the registry, and one that gives up after it has.
 * @param closing ends latencies: the connections of their calls are reset
 * Faults after the action also apply when the action fails: its answer is then an error.
 * @returns the answer; undefined when the connection is gone
 * @throws GlueError, InternalFaultError, or the error of the action
 */
export async function applyFaults<Answer>(
  faults: readonly Fault[],
  call: FaultyCall,
  reply: FastifyReply,
  closing: AbortSignal,
  work: () => Promise<Answer>,
): Promise<Answer | undefined> {
  const parts = Map.groupBy(faults, ({ when = 'before' }) => when);
  if (!(await applyAll(parts.get('before') ?? []))) return undefined;
  const [outcome] = await Promise.allSettled([work()]);
  if (!(await applyAll(parts.get('after') ?? []))) return undefined;
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;

  /** Returns false when the connection is gone. */
  async function applyAll(some: readonly Fault[]): Promise<boolean> {
    const latencyMs = some.reduce((sum, fault) => sum + (fault.latencyMs ?? 0), 0);
    if (latencyMs > 0) await wait(latencyMs, reply, closing);
    const ending = some.find(({ fault }) => fault !== 'latency');
    if (ending !== undefined && ending.fault !== 'connection-reset') {
      throw errorOf(ending, call);
    }
    if (ending === undefined && !closing.aborted && !reply.raw.destroyed) return true;
    reply.hijack();
    reply.raw.socket?.resetAndDestroy();
    return false;
  }
}

/** Ends early when the client goes away or the registry closes. */
async function wait(ms: number, reply: FastifyReply, closing: AbortSignal): Promise<void> {
  const gone = new AbortController();
  const onClose = () => gone.abort();
  reply.raw.once('close', onClose);
  try {
    await delay(ms, undefined, { signal: AbortSignal.any([gone.signal, closing]) });
  } catch {
    // The caller looks at the connection.
  } finally {
    reply.raw.off('close', onClose);
  }
}

function errorOf({ fault, status }: Fault, { action, callerArn }: FaultyCall): Error {
  switch (fault) {
    case 'throttling':
      return new GlueError('ThrottlingException', 'Rate exceeded');
    case 'access-denied':
      return new GlueError(
        'AccessDeniedException',
        `User: ${callerArn} is not authorized to perform: glue:${action}`,
      );
    default:
      return new InternalFaultError(status);
  }
}
