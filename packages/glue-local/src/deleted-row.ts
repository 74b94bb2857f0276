import { GlueError } from './glue-error.ts';

/** A row that has both times is shown as DELETING from `deleted_ms` until `gone_ms`, then it is removed. */
export interface Deletion {
  deleted_ms: number | null;
  gone_ms: number | null;
}

export function isDeleting({ gone_ms }: Partial<Deletion>): boolean {
  return gone_ms !== null && gone_ms !== undefined;
}

/** AWS documents that operations on a registry or schema that is being deleted are off, but not their error. */
export function beingDeleted(what: string): GlueError {
  return new GlueError('ConcurrentModificationException', `${what} is being deleted.`);
}
