import { WorkerRefusedError } from './connect-errors.ts';
import type { ConnectWorker } from './connect-worker.ts';
import type { ConnectorStatus } from './connector-status.ts';
import { type Patience, persist } from './persist.ts';

/**
 * The status of the named connectors, in that order, or of all.
 *
 * @throws WorkerRefusedError when one does not exist
 */
export async function chosenStatuses(
  worker: ConnectWorker,
  names: readonly string[],
  patience: Patience,
): Promise<ConnectorStatus[]> {
  const all = await persist(patience, worker.statuses);
  if (names.length === 0) return all;
  return names.map((name) => {
    const found = all.find((one) => one.name === name);
    if (found !== undefined) return found;
    const existing = all.map((one) => one.name).join(', ') || 'none';
    throw new WorkerRefusedError(
      `connector '${name}' does not exist or has no status yet; existing: ${existing}`,
    );
  });
}
