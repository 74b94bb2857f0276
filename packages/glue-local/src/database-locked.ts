/** Nothing was stored or read, because another process holds the lock of the database file. */
export class DatabaseLockedError extends Error {
  readonly code = 'database-locked';
  readonly retryable = true;
}

const busy = 5;

/** The error of a lock that another process holds; undefined for any other error. */
export function asDatabaseLocked(error: unknown): DatabaseLockedError | undefined {
  // The low byte of an extended code, such as SQLITE_BUSY_RECOVERY, is the primary code.
  if (((error as { errcode?: number }).errcode ?? 0) % 256 !== busy) return undefined;
  return new DatabaseLockedError(
    'Another process holds the lock of the database file (SQLITE_BUSY): nothing was stored. Try again when it has ended its transaction',
    { cause: error },
  );
}
