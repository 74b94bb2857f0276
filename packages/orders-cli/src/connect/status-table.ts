import { formatTable } from '../output/table.ts';
import { type Instance, traceSummary } from './connector-status.ts';

const maxErrorLength = 400;

/** One row for each connector, and one for each of its tasks. */
export function statusTable(instances: readonly Instance[]): string {
  return formatTable(
    [
      { title: 'CONNECTOR' },
      { title: 'TYPE' },
      { title: 'TASK', align: 'right' },
      { title: 'STATE' },
      { title: 'WORKER' },
      { title: 'ERROR' },
    ],
    instances.map(({ connector, type, task, state, workerId, trace }) => {
      const error = traceSummary(trace);
      return [
        connector,
        type,
        task === undefined ? '-' : String(task),
        state,
        workerId,
        error.length > maxErrorLength ? `${error.slice(0, maxErrorLength)}…` : error,
      ];
    }),
  );
}
