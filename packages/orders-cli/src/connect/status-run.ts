import { exitCodes, parseArguments, wholeNumber } from '@order-stream/command-line';
import type { Terminal } from '../command.ts';
import { printable } from '../output/printable.ts';
import { isoTime } from '../records/record-line.ts';
import { wallClockMs } from '../wall-clock.ts';
import { chosenStatuses } from './chosen-statuses.ts';
import { WorkerUnavailableError } from './connect-errors.ts';
import {
  type ConnectorStatus,
  type Instance,
  instanceName,
  instancesOf,
} from './connector-status.ts';
import { statusTable } from './status-table.ts';
import { withWorker } from './with-worker.ts';

const command = 'orders connect status';
const clearScreen = '\u001b[H\u001b[2J';

/** Runs `orders connect status`. */
export async function showConnectors(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    {
      watch: { type: 'boolean', default: false },
      interval: { type: 'string', default: '2' },
      wait: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
    },
    { min: 0, max: Number.POSITIVE_INFINITY, expected: '' },
  );
  const intervalMs = wholeNumber('--interval', flags.interval, { min: 1, max: 86_400 }) * 1000;
  const waitMs = wholeNumber('--wait', flags.wait, { min: 1, max: 86_400 }) * 1000;
  return withWorker(command, terminal, waitMs / 1000, async (worker, patience) => {
    const { clock, stop } = patience;
    const show = (untilMs: number) =>
      chosenStatuses(worker, words, { ...patience, untilMs }).then((statuses) =>
        print(statuses, flags, terminal),
      );
    if (!flags.watch) return show(patience.untilMs);
    let code: number = exitCodes.ok;
    while (!stop.aborted) {
      const startedMs = clock.nowMs();
      code = await show(startedMs + waitMs).catch((error) => {
        if (stop.aborted) return code;
        if (!(error instanceof WorkerUnavailableError)) throw error;
        terminal.stderr.write(`${command}: ${error.message}\n`);
        return exitCodes.failed;
      });
      await clock.sleepUntil(startedMs + intervalMs, stop);
    }
    return code;
  });
}

interface PrintFlags {
  watch: boolean;
  json: boolean;
}

/** Returns the exit code. */
function print(
  statuses: readonly ConnectorStatus[],
  { watch, json }: PrintFlags,
  { stdout, stderr }: Terminal,
): number {
  const instances = statuses.flatMap(instancesOf);
  const time = `${isoTime(wallClockMs())}\n`;
  if (json) for (const status of statuses) stdout.write(jsonLine(status));
  else {
    if (watch) stdout.write(stdout.isTTY ? `${clearScreen}${time}` : time);
    stdout.write(statuses.length === 0 ? 'no connectors\n' : statusTable(instances));
  }
  const failed = instances.filter(({ state }) => state === 'FAILED');
  const others = instances.filter(({ state }) => state !== 'FAILED' && state !== 'RUNNING');
  const named = (some: readonly Instance[]) =>
    printable(some.map((one) => `${instanceName(one)} is ${one.state}`).join(', '));
  for (const some of [failed, others])
    if (some.length > 0) stderr.write(`${command}: ${named(some)}\n`);
  return failed.length > 0 ? exitCodes.failed : exitCodes.ok;
}

function jsonLine(status: ConnectorStatus): string {
  const [connector, ...tasks] = instancesOf(status);
  const members = ({ state, workerId, trace }: Instance) => ({
    ...{ state, worker_id: workerId, trace: trace ?? null },
  });
  return `${JSON.stringify({
    name: status.name,
    type: status.type ?? null,
    ...members(connector as Instance),
    tasks: tasks.map((one) => ({ id: one.task, ...members(one) })),
  })}\n`;
}
