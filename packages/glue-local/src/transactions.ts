import type { Database } from './database.ts';
import { DatabaseLockedError } from './database-locked.ts';
import type { RegistryState } from './registry-state.ts';
import { StorageFullError } from './storage-full.ts';
import { whileLocked } from './while-locked.ts';

/** Runs work in one transaction, after the lock of another process. */
export type Transaction = <Result>(work: () => Result) => Promise<Result>;

/**
 * Runs work that changes something in one transaction, and writes its lines of the log after COMMIT. What was deleted is
 * removed first.
 * @throws StorageFullError, DatabaseLockedError, and the error of `work`; nothing is changed then
 */
export function writeOnce<Result>(
  database: Database,
  { deletions, log, now }: RegistryState,
  work: () => Result,
): Result {
  try {
    const result = database.transaction(() => {
      deletions.removeGone(now());
      return work();
    });
    log.write();
    return result;
  } catch (error) {
    log.discard();
    throw error;
  }
}

/**
 * The transactions of requests: `read` for work that changes nothing. What was deleted is removed first.
 * @param lockWaitMs how long each waits before its DatabaseLockedError
 */
export function createTransactions(
  database: Database,
  state: RegistryState,
  lockWaitMs: number,
): Record<'read' | 'write', Transaction> {
  const { deletions, now } = state;

  /** Tries it once. Without the lock, the read is answered all the same, and shows what was deleted as DELETING. */
  function removeBeforeReading(): void {
    try {
      writeOnce(database, state, () => undefined);
    } catch (error) {
      if (!(error instanceof DatabaseLockedError || error instanceof StorageFullError)) throw error;
    }
  }

  return {
    async read(work) {
      // Most reads find nothing to remove, and need no lock for writing.
      const hasGone = () => deletions.hasGone(now());
      if (await whileLocked(() => database.read(hasGone), lockWaitMs)) removeBeforeReading();
      return whileLocked(() => database.read(work), lockWaitMs);
    },
    write: (work) => whileLocked(() => writeOnce(database, state, work), lockWaitMs),
  };
}
