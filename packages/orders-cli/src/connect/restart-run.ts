import { exitCodes, parseArguments, UsageError, wholeNumber } from '@order-stream/command-line';
import type { Terminal } from '../command.ts';
import { printable } from '../output/printable.ts';
import { awaitRunning } from './await-running.ts';
import { chosenStatuses } from './chosen-statuses.ts';
import { NotRunningError } from './connect-errors.ts';
import type { ConnectWorker } from './connect-worker.ts';
import { type Instance, instancesOf } from './connector-status.ts';
import { type Patience, persist } from './persist.ts';
import { statusTable } from './status-table.ts';
import { withWorker } from './with-worker.ts';

const command = 'orders connect restart';
/** See `awaitRunning`. */
const settleMs = 3_000;

interface Restart {
  name: string;
  /** What is restarted. */
  instances: Instance[];
}

/** Runs `orders connect restart`. */
export async function restartConnectors(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    {
      failed: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      wait: { type: 'string', default: '60' },
      json: { type: 'boolean', default: false },
    },
    { min: 0, max: Number.POSITIVE_INFINITY, expected: '' },
  );
  if (words.length === 0 && !flags.failed)
    throw new UsageError('expected the name of a connector, or --failed');
  const waitSeconds = wholeNumber('--wait', flags.wait, { min: 1, max: 86_400 });
  const { stdout } = terminal;
  return withWorker(command, terminal, waitSeconds, async (worker, patience) => {
    const chosen = restartsOf(await chosenStatuses(worker, words, patience), flags.failed);
    if (!flags.json) {
      const instances = chosen.flatMap((one) => one.instances);
      if (instances.length > 0) stdout.write(`${statusTable(instances)}\n`);
      if (instances.length === 0) stdout.write('nothing is FAILED\n');
      else if (!flags.yes) stdout.write('Nothing was restarted: add --yes to restart\n');
    }
    if (!flags.yes) {
      if (flags.json) for (const one of chosen) stdout.write(jsonLine(one, undefined));
      return exitCodes.ok;
    }
    for (const { name } of chosen)
      await persist(patience, (signal) => worker.restart(name, flags.failed, signal));
    let code: number = exitCodes.ok;
    const outcomes = await Promise.all(chosen.map((one) => failuresAfter(worker, one, patience)));
    for (const [index, failures] of outcomes.entries()) {
      const one = chosen[index] as Restart;
      if (flags.json) stdout.write(jsonLine(one, failures));
      else if (failures.length === 0) stdout.write(`${printable(one.name)}: restarted, runs\n`);
      for (const failure of failures) terminal.stderr.write(`${command}: ${printable(failure)}\n`);
      if (failures.length > 0) code = exitCodes.failed;
    }
    return code;
  });
}

function restartsOf(
  statuses: Awaited<ReturnType<typeof chosenStatuses>>,
  onlyFailed: boolean,
): Restart[] {
  return statuses
    .map((status) => ({
      name: status.name,
      instances: instancesOf(status).filter(({ state }) => !onlyFailed || state === 'FAILED'),
    }))
    .filter(({ instances }) => instances.length > 0);
}

async function failuresAfter(
  worker: ConnectWorker,
  { name }: Restart,
  patience: Patience,
): Promise<string[]> {
  try {
    return (await awaitRunning(worker, name, settleMs, patience)).failures;
  } catch (error) {
    if (error instanceof NotRunningError) return [error.message];
    throw error;
  }
}

/** @param failures after the restart; undefined: nothing was restarted */
function jsonLine({ name, instances }: Restart, failures: string[] | undefined): string {
  return `${JSON.stringify({
    name,
    dry_run: failures === undefined,
    restarted: instances.map(({ task, state }) => ({ task: task ?? null, state })),
    failures: failures ?? [],
  })}\n`;
}
