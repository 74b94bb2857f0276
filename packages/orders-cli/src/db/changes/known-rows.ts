import type { Database } from '../connection/database.ts';
import { type ChangeTable, quotedTable } from './change-table.ts';

export type KnownRows = ReturnType<typeof createKnownRows>;

/** The revisions of the rows in the table, as far as this program knows them. */
export function createKnownRows() {
  const revisions = new Map<number, bigint>();
  /** Of rows that are gone too: revisions of a key only ever rise. */
  const last = new Map<number, bigint>();
  return {
    /** undefined: there is no such row. */
    revisionOf: (id: number): bigint | undefined => revisions.get(id),
    /** 0: this program never saw such a row. */
    lastRevisionOf: (id: number): bigint => last.get(id) ?? 0n,
    count: (): number => revisions.size,
    set(id: number, revision: bigint | undefined): void {
      if (revision === undefined) revisions.delete(id);
      else revisions.set(id, revision);
      if (revision !== undefined && revision > (last.get(id) ?? 0n)) last.set(id, revision);
    },
    /** A deleted row's next revision follows that of its deletion. */
    setDeleted(id: number, revision: bigint): void {
      revisions.delete(id);
      last.set(id, revision);
    },
    /** Number of rows that differ from the table's. */
    differences(table: ReadonlyMap<number, bigint>): number {
      const ids = new Set([...revisions.keys(), ...table.keys()]);
      return [...ids].filter((id) => revisions.get(id) !== table.get(id)).length;
    },
  };
}

/** The revisions of the rows with ids from `first` to `last`. */
export async function readRevisions(
  database: Database,
  table: ChangeTable,
  first: number,
  last: number,
): Promise<Map<number, bigint>> {
  const { rows } = await database.run(
    `SELECT id, revision FROM ${quotedTable(database, table)} WHERE id BETWEEN ${first} AND ${last}`,
  );
  return new Map(rows.map(({ id, revision }) => [Number(id), BigInt(revision ?? 0)]));
}
