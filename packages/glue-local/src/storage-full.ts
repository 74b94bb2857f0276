/** Nothing was stored, because the database file cannot grow. Reading goes on, and so does writing when there is room. */
export class StorageFullError extends Error {
  readonly code = 'storage-full';
  readonly retryable = true;
}

/** SQLite reports a full disk by SQLITE_FULL, and a quota or a limit of the file size by a failed write. */
const codes = new Map([
  [13, 'SQLITE_FULL'],
  [778, 'SQLITE_IOERR_WRITE'],
  [1034, 'SQLITE_IOERR_FSYNC'],
  [1546, 'SQLITE_IOERR_TRUNCATE'],
  [4874, 'SQLITE_IOERR_SHMSIZE'],
]);

/** The error of a database whose file cannot grow; undefined for any other error. */
export function asStorageFull(error: unknown): StorageFullError | undefined {
  const name = codes.get((error as { errcode?: number }).errcode ?? 0);
  if (name === undefined) return undefined;
  return new StorageFullError(
    `The disk of the database is full, or its quota or file size limit is reached (${name}): nothing was stored. Make room, and try again`,
    { cause: error },
  );
}
