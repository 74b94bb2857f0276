import Type, { type Static } from 'typebox';
import { Check } from 'typebox/schema';
import { WorkerRefusedError } from './connect-errors.ts';

const instance = Type.Object({
  state: Type.String(),
  worker_id: Type.Optional(Type.String()),
  trace: Type.Optional(Type.String()),
});
const statusSchema = Type.Object({
  name: Type.String(),
  type: Type.Optional(Type.String()),
  connector: instance,
  tasks: Type.Array(Type.Intersect([instance, Type.Object({ id: Type.Integer() })])),
});

/** The answer of `GET /connectors/{name}/status`. */
export type ConnectorStatus = Static<typeof statusSchema>;

/** A connector itself, or one of its tasks. */
export interface Instance {
  connector: string;
  /** `source` or `sink`; `unknown` when the worker does not say. */
  type: string;
  /** Undefined: the connector itself. */
  task: number | undefined;
  /** RUNNING, PAUSED, STOPPED, UNASSIGNED, RESTARTING, FAILED, or a later version's. */
  state: string;
  workerId: string;
  /** The Java stack trace of a failure; a RESTARTING instance still has its last one. */
  trace: string | undefined;
}

/** @throws WorkerRefusedError for a document of another shape */
export function statusOf(document: unknown): ConnectorStatus {
  if (Check(statusSchema, document)) return document as ConnectorStatus;
  throw new WorkerRefusedError('expected the status of a connector, got another document');
}

/** The connector, then its tasks in their order. */
export function instancesOf({
  name,
  type = 'unknown',
  connector,
  tasks,
}: ConnectorStatus): Instance[] {
  const one = (task: number | undefined, { state, worker_id, trace }: Static<typeof instance>) => ({
    ...{ connector: name, type, task, state, workerId: worker_id ?? '' },
    trace: trace || undefined,
  });
  return [
    one(undefined, connector),
    ...tasks.toSorted((left, right) => left.id - right.id).map((task) => one(task.id, task)),
  ];
}

/** `order-sink task 0`. */
export const instanceName = ({ connector, task }: Instance): string =>
  task === undefined ? connector : `${connector} task ${task}`;

/**
 * The first line of a stack trace, and the last of its causes: the first line alone often says only that a limit of errors was
 * exceeded.
 */
export function traceSummary(trace: string | undefined): string {
  const [first = '', ...lines] = (trace ?? '').split('\n').map((line) => line.trim());
  const cause = lines.findLast((line) => line.startsWith('Caused by: '));
  return cause === undefined ? first : `${first} (c${cause.slice(1)})`;
}
