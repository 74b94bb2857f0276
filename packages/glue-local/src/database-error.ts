import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { asDatabaseLocked } from './database-locked.ts';
import { asStorageFull } from './storage-full.ts';

const notDatabase = 26;

/** The error of the decision that a caller can take; any other error as it is. */
export function namedError(error: unknown): unknown {
  return asStorageFull(error) ?? asDatabaseLocked(error) ?? error;
}

/** The same while the file is opened: an error of SQLite, which does not name the file, then has its path and the reason. */
export function openingError(file: string, error: unknown): unknown {
  const named = namedError(error);
  const { errcode, message } = named as { errcode?: number; message: string };
  if (errcode === undefined) return named;
  const reason = errcode === notDatabase ? 'expected an SQLite database' : faultOfPath(file);
  return new Error(`cannot open the database ${file}: ${reason ?? message}`, { cause: error });
}

/** SQLite reports each of them as "unable to open database file". */
function faultOfPath(file: string): string | undefined {
  if (isFolder(file)) return 'expected a file, found a folder';
  return isFolder(dirname(resolve(file))) ? undefined : 'its folder does not exist';
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
