import type { Database } from './database.ts';
import { DatabaseLockedError } from './database-locked.ts';
import type { RegistryState } from './registry-state.ts';
import { StorageFullError } from './storage-full.ts';
import { whileLocked } from './while-locked.ts';

/** Runs work in one transaction, after the lock of another process. */
export type Transaction = <Result>(work: () => Result) => Promise<Result>;

// What was deleted is shown as DELETING until its removal, as on AWS. So a read need not wait long to remove it.
const removalWaitMs = 100;

/**
 * The transactions of requests: `read` for work that changes nothing. What was deleted is removed first.
 * @param lockWaitMs how long each waits before its DatabaseLockedError
 */
export function createTransactions({
  database,
  state: { deletions, now },
  lockWaitMs,
}: {
  database: Database;
  state: RegistryState;
  lockWaitMs: number;
}): Record<'read' | 'write', Transaction> {
  const remove = () => deletions.removeGone(now());

  async function removeBeforeReading(): Promise<void> {
    try {
      await whileLocked(() => database.transaction(remove), removalWaitMs);
    } catch (error) {
      // A read is answered all the same.
      if (!(error instanceof DatabaseLockedError || error instanceof StorageFullError)) throw error;
    }
  }

  return {
    async read(work) {
      // Most reads find nothing to remove, and need no lock for writing.
      const hasGone = () => deletions.hasGone(now());
      if (await whileLocked(() => database.read(hasGone), lockWaitMs)) await removeBeforeReading();
      return whileLocked(() => database.read(work), lockWaitMs);
    },
    write: (work) =>
      whileLocked(
        () =>
          database.transaction(() => {
            remove();
            return work();
          }),
        lockWaitMs,
      ),
  };
}
