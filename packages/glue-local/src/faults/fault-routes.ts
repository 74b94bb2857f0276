import type { FastifyInstance } from 'fastify';
import { GlueError } from '../glue-error.ts';
import type { FaultList } from './fault-list.ts';
import { parseFault } from './parse-fault.ts';

/** `POST /_local/faults` puts a fault in place, `GET` lists all, `DELETE` ends all or `/_local/faults/<id>` one. */
export function serveFaults(app: FastifyInstance, faults: FaultList): void {
  app.post('/_local/faults', (request, reply) => {
    // A page of another site cannot send this type without the consent of this server (CORS), which it does not give.
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
      throw new GlueError('SerializationException', 'Content-Type must be application/json');
    }
    const fault = faults.add(parseFault(typeof request.body === 'string' ? request.body : ''));
    request.log.warn({ fault }, 'fault in place');
    return reply.code(201).send(fault);
  });

  app.get('/_local/faults', () => ({ faults: faults.list() }));

  app.delete('/_local/faults', async (request, reply) => {
    await faults.endAll();
    request.log.warn('all faults ended');
    return reply.code(204).send();
  });

  app.delete<{ Params: { id: string } }>('/_local/faults/:id', async (request, reply) => {
    if (!(await faults.end(request.params.id))) return reply.callNotFound();
    request.log.warn({ id: request.params.id }, 'fault ended');
    return reply.code(204).send();
  });
}
