import type { Database } from './database.ts';
import { DatabaseLockedError } from './database-locked.ts';
import type { RegistryState } from './registry-state.ts';
import type { Prepared } from './request.ts';
import { StorageFullError } from './storage-full.ts';
import { whileLocked } from './while-locked.ts';

/** Runs work in one transaction, after the lock of another process. */
export type Transaction = <Result>(work: () => Result) => Promise<Result>;

export interface Transactions {
  /** For work that changes nothing. */
  readonly read: Transaction;
  readonly write: Transaction;
  /** Prepares in a transaction that only reads, so that nobody waits for slow work, and stores in another one. */
  readonly writePrepared: <Result>(prepare: () => Prepared<Result>) => Promise<Result>;
}

/** Then the slow work is done in the transaction for writing, where nothing can outdate it. */
const maxOutdated = 3;

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

/** In the transaction that prepared it, where nothing can change before it is stored. */
function finish<Result>({ answer, store }: Prepared<Result>): Result {
  const result = store === undefined ? answer : store();
  if (result === undefined) throw new Error('expected a preparation of this transaction');
  return result;
}

/**
 * The transactions of requests. What was deleted is removed first.
 * @param lockWaitMs how long each waits before its DatabaseLockedError
 */
export function createTransactions(
  database: Database,
  state: RegistryState,
  lockWaitMs: number,
): Transactions {
  const { deletions, now } = state;
  const write: Transaction = (work) =>
    whileLocked(() => writeOnce(database, state, work), lockWaitMs);

  /** Returns undefined, without the work, when there is something to remove. Most reads need no lock for writing. */
  function readUnlessGone<Result>(
    work: () => Result,
  ): Promise<{ readonly result: Result } | undefined> {
    const readOnce = () => (deletions.hasGone(now()) ? undefined : { result: work() });
    return whileLocked(() => database.read(readOnce), lockWaitMs);
  }

  /** Tries it once. Without the lock, the read is answered all the same, and shows what was deleted as DELETING. */
  function removeBeforeReading(): void {
    try {
      writeOnce(database, state, () => undefined);
    } catch (error) {
      if (!(error instanceof DatabaseLockedError || error instanceof StorageFullError)) throw error;
    }
  }

  /** Waits for the lock when something is to be removed: a change must not find what was deleted. */
  async function readBeforeWriting<Result>(work: () => Result): Promise<Result> {
    for (;;) {
      const found = await readUnlessGone(work);
      if (found !== undefined) return found.result;
      await write(() => undefined);
    }
  }

  return {
    async read(work) {
      const found = await readUnlessGone(work);
      if (found !== undefined) return found.result;
      removeBeforeReading();
      return whileLocked(() => database.read(work), lockWaitMs);
    },
    write,
    async writePrepared(prepare) {
      for (let outdated = 0; outdated < maxOutdated; outdated += 1) {
        const { answer, store } = await readBeforeWriting(prepare);
        const result = store === undefined ? answer : await write(store);
        if (result !== undefined) return result;
      }
      return write(() => finish(prepare()));
    },
  };
}
