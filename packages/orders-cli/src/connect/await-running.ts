import { NotRunningError } from './connect-errors.ts';
import type { ConnectWorker } from './connect-worker.ts';
import { type Instance, instanceName, instancesOf, traceSummary } from './connector-status.ts';
import { type Patience, persist } from './persist.ts';

const pollMs = 300;

/** A state of a connector that does not change by waiting. */
export interface Settled {
  instances: Instance[];
  /** The connector was paused or stopped by someone, and stays so. */
  isPaused: boolean;
  /** One line for each failed instance. */
  failures: string[];
}

/**
 * Waits until the connector and its tasks run, have failed, or are paused.
 *
 * @param settleMs for how long the states must stay the same: for a moment after a change, Connect still reports the states before
 *   it, and a task that fails at its first record has run for a moment
 * @throws NotRunningError at the deadline, with the states by then; StoppedError; WorkerUnavailableError; WorkerRefusedError
 */
export async function awaitRunning(
  worker: ConnectWorker,
  name: string,
  settleMs: number,
  patience: Patience,
): Promise<Settled> {
  const { clock, untilMs, stop } = patience;
  let seen = '';
  let sinceMs = clock.nowMs();
  for (;;) {
    const status = await persist(patience, (signal) => worker.status(name, signal));
    const instances = status === undefined ? [] : instancesOf(status);
    const nowMs = clock.nowMs();
    const states = instances.map((one) => `${one.task} ${one.state} ${one.workerId}`).join();
    if (states !== seen) sinceMs = nowMs;
    seen = states;
    const settled = settledOf(instances);
    if (settled !== undefined && nowMs - sinceMs >= settleMs) return settled;
    if (nowMs >= untilMs) throw new NotRunningError(unsettledText(name, instances));
    await clock.sleepUntil(Math.min(nowMs + pollMs, untilMs), stop);
  }
}

/** Undefined while a state can change by itself. */
function settledOf(instances: Instance[]): Settled | undefined {
  const [connector, ...tasks] = instances;
  if (connector === undefined) return undefined;
  const failed = instances.filter(({ state }) => state === 'FAILED');
  const failures = failed.map((one) => `${instanceName(one)} FAILED: ${traceSummary(one.trace)}`);
  if (failures.length > 0) return { instances, isPaused: false, failures };
  const isPaused = connector.state === 'PAUSED' || connector.state === 'STOPPED';
  const runs = tasks.length > 0 && instances.every(({ state }) => state === 'RUNNING');
  return isPaused || runs ? { instances, isPaused, failures } : undefined;
}

function unsettledText(name: string, [connector, ...tasks]: Instance[]): string {
  if (connector === undefined) return `${name} has no status yet`;
  const waiting = [connector, ...tasks].filter(({ state }) => state !== 'RUNNING');
  if (waiting.length > 0)
    return waiting.map((one) => `${instanceName(one)} is ${one.state}`).join('; ');
  return `${name} is RUNNING without tasks`;
}
