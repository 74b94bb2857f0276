import { exitCodes, parseArguments, wholeNumber } from '@order-stream/command-line';
import type { Terminal } from '../command.ts';
import { printable } from '../output/printable.ts';
import { applyPlan, InvalidConnectorError, type PlannedConnector } from './apply-plan.ts';
import { awaitRunning, type Settled } from './await-running.ts';
import { awaitUrl, checkUrl } from './await-url.ts';
import { hidden, type PropertyChange } from './config-changes.ts';
import { NotRunningError, WorkerRefusedError } from './connect-errors.ts';
import type { ConnectWorker } from './connect-worker.ts';
import { ConnectorFileError, readConnectorFiles } from './connector-file.ts';
import { instancesOf } from './connector-status.ts';
import { type Patience, persist } from './persist.ts';
import { withWorker } from './with-worker.ts';

const command = 'orders connect apply';
/** See `awaitRunning`. */
const settleMs = 3_000;

/** Runs `orders connect apply`. */
export async function applyConnectors(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    {
      'dry-run': { type: 'boolean', default: false },
      wait: { type: 'string', default: '120' },
      after: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
    { min: 1, max: Number.POSITIVE_INFINITY, expected: 'the file of a connector' },
  );
  const waitSeconds = wholeNumber('--wait', flags.wait, { min: 1, max: 86_400 });
  for (const url of flags.after) checkUrl('--after', url);
  try {
    const connectors = readConnectorFiles(words);
    return await withWorker(command, terminal, waitSeconds, async (worker, patience) => {
      for (const url of flags.after) await awaitUrl(url, patience);
      const planned = await applyPlan(worker, connectors, patience);
      if (flags['dry-run']) {
        for (const one of planned)
          terminal.stdout.write(flags.json ? jsonLine(one, true) : lines(one));
        if (!flags.json) terminal.stdout.write('Nothing was applied: --dry-run\n');
        return exitCodes.ok;
      }
      return await apply(worker, planned, patience, flags.json, terminal);
    });
  } catch (error) {
    if (!(error instanceof ConnectorFileError || error instanceof InvalidConnectorError))
      throw error;
    for (const line of error.lines) terminal.stderr.write(`${command}: ${printable(line)}\n`);
    terminal.stderr.write(`${command}: nothing was applied\n`);
    return exitCodes.failed;
  }
}

async function apply(
  worker: ConnectWorker,
  planned: readonly PlannedConnector[],
  patience: Patience,
  json: boolean,
  { stdout, stderr }: Terminal,
): Promise<number> {
  for (const one of planned) {
    if (one.outcome !== 'unchanged') await put(worker, one, patience);
    if (!json) stdout.write(lines(one));
  }
  let code: number = exitCodes.ok;
  const states = await Promise.all(planned.map((one) => settledOrNot(worker, one, patience)));
  for (const [index, settled] of states.entries()) {
    const one = planned[index] as PlannedConnector;
    const { name } = one.connector;
    if (json) stdout.write(jsonLine(one, false, settled));
    else stdout.write(`${name}: ${stateText(settled)}\n`);
    if (settled.failures.length === 0) continue;
    code = exitCodes.failed;
    for (const failure of settled.failures)
      stderr.write(`${command}: ${printable(one.clean(failure))}\n`);
  }
  return code;
}

async function put(
  worker: ConnectWorker,
  { connector, clean }: PlannedConnector,
  patience: Patience,
): Promise<void> {
  const { name } = connector;
  const before = await persist(patience, (signal) => worker.status(name, signal));
  try {
    await persist(patience, (signal) => worker.putConfig(connector, signal));
  } catch (error) {
    if (error instanceof WorkerRefusedError) throw new WorkerRefusedError(clean(error.message));
    throw error;
  }
  // Connect restarts a connector whose configuration changes, and its tasks only if their own settings change.
  const hasFailed =
    before !== undefined && instancesOf(before).some(({ state }) => state === 'FAILED');
  if (hasFailed) await persist(patience, (signal) => worker.restart(name, true, signal));
}

/** A connector that does not settle in time counts as failed; the others are still reported. */
async function settledOrNot(
  worker: ConnectWorker,
  { connector, outcome }: PlannedConnector,
  patience: Patience,
): Promise<Settled> {
  try {
    const ms = outcome === 'unchanged' ? 0 : settleMs;
    return await awaitRunning(worker, connector.name, ms, patience);
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error;
    return { instances: [], isPaused: false, failures: [error.message] };
  }
}

function stateText({ instances, isPaused, failures }: Settled): string {
  const [connector, ...tasks] = instances;
  if (failures.length > 0 || connector === undefined) return 'does not run';
  if (isPaused) return `is ${connector.state}, and stays so`;
  return `RUNNING, ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`;
}

function lines({ connector, outcome, changes }: PlannedConnector): string {
  return `${[`${connector.name}: ${outcome}`, ...changes.map(changeText)].join('\n')}\n`;
}

function changeText({ property, from, to }: PropertyChange): string {
  const shown = (value: string) => (value === hidden ? hidden : JSON.stringify(value));
  if (from === undefined) return `  + ${printable(property)} = ${shown(to as string)}`;
  if (to === undefined) return `  - ${printable(property)}, was ${shown(from)}`;
  return `  ~ ${printable(property)}: ${shown(from)} -> ${shown(to)}`;
}

/** With `dry_run`, the state is not asked for. */
function jsonLine(
  { connector, outcome, changes, clean }: PlannedConnector,
  dryRun: boolean,
  settled?: Settled,
): string {
  return `${JSON.stringify({
    name: connector.name,
    outcome,
    dry_run: dryRun,
    changes: changes.map(({ property, from, to }) => ({
      property,
      from: from ?? null,
      to: to ?? null,
    })),
    ...(settled !== undefined && {
      state: settled.instances[0]?.state ?? null,
      tasks: settled.instances.slice(1).map(({ state }) => state),
      failures: settled.failures.map(clean),
    }),
  })}\n`;
}
