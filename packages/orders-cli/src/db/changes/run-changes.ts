import type { Clock } from '../../load-run.ts';
import type { SeededRandom } from '../../seeded-random.ts';
import {
  type Database,
  DatabaseRefusedError,
  DatabaseUnavailableError,
} from '../connection/database.ts';
import { applyChange } from './apply-change.ts';
import { type ChangeTable, readColumns } from './change-table.ts';
import type { ChangeTally } from './change-tally.ts';
import type { TableColumn } from './column-type.ts';
import { type KnownRows, readRevisions } from './known-rows.ts';
import { drawChange, type RowChange } from './row-change.ts';

/** How often the columns are read again, so that a new column gets values too. */
const columnsMs = 1_000;
/** Changes refused in a row, after which the run fails: the fault is not a column that is just being changed. */
const maxRefused = 5;

export interface ChangeRun {
  table: ChangeTable;
  /** Rows have the ids 1 to `keys`. */
  keys: number;
  random: SeededRandom;
  rows: KnownRows;
  tally: ChangeTally;
  /** Changes per second, counted from the start; 0: one after the other without a pause. */
  rate: number;
  limit: { changes?: number; durationMs?: number };
  /**
   * Connects again after the connection was lost, within the time that the user allows.
   * @throws DatabaseUnavailableError, DatabaseRefusedError, StoppedError
   */
  reconnect(fault: DatabaseUnavailableError): Promise<Database>;
  clock: Clock;
  stop: AbortSignal;
}

/**
 * Changes rows until the limit or the stop signal. A change whose answer was lost is looked up after the next connection: the
 * row's revision says whether it was applied.
 *
 * @returns the connection that is open at the end
 */
export async function runChanges(run: ChangeRun, first: Database): Promise<Database> {
  const { table, rows, tally, clock, stop, rate } = run;
  const { changes: maxChanges = Infinity, durationMs = Infinity } = run.limit;
  const startedMs = clock.nowMs();
  let database = first;
  let columns: TableColumn[] = [];
  let columnsReadMs = -Infinity;
  let refused = 0;
  /** The change whose outcome is unknown. */
  let pending: RowChange | undefined;

  /** One attempt. Throws DatabaseUnavailableError when the connection is lost, then it can be called again. */
  const step = async () => {
    if (pending !== undefined) {
      await resolve(database, run, pending);
      pending = undefined;
    }
    if (clock.nowMs() - columnsReadMs >= columnsMs) {
      columns = await readColumns(database, table);
      columnsReadMs = clock.nowMs();
    }
    const change = drawChange(run.random, { ...run, columns });
    pending = change;
    let isApplied = false;
    try {
      isApplied = await applyChange(database, table, change);
      refused = 0;
    } catch (error) {
      if (!(error instanceof DatabaseRefusedError)) throw error;
      refused += 1;
      tally.others.refused += 1;
      if (refused >= maxRefused) throw error;
      columnsReadMs = -Infinity;
    }
    if (isApplied) remember(run, change);
    else {
      if (refused === 0) tally.others.conflicts += 1;
      rows.set(change.id, await revisionNow(database, table, change.id));
    }
    pending = undefined;
  };

  for (let attempt = 0; !stop.aborted && tally.changes() < maxChanges; attempt += 1) {
    const dueMs = rate === 0 ? clock.nowMs() : startedMs + (attempt * 1000) / rate;
    if (dueMs >= startedMs + durationMs) break;
    await clock.sleepUntil(dueMs, stop);
    if (stop.aborted) break;
    try {
      await step();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      if (pending !== undefined) tally.unknown.unresolved = 1;
      database = await run.reconnect(error);
      tally.others.reconnects += 1;
    }
  }
  // The answer to the last change was lost.
  while (pending !== undefined && !stop.aborted) {
    try {
      await resolve(database, run, pending);
      pending = undefined;
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      database = await run.reconnect(error);
      tally.others.reconnects += 1;
    }
  }
  return database;
}

function remember({ rows, tally }: ChangeRun, change: RowChange): void {
  const { id, revision } = change;
  if (change.kind === 'delete') rows.setDeleted(id, revision);
  else rows.set(id, revision);
  tally.applied(change);
}

/** Finds out whether the change was applied. */
async function resolve(database: Database, run: ChangeRun, change: RowChange): Promise<void> {
  const { id, revision, kind } = change;
  const now = await revisionNow(database, run.table, id);
  const isApplied = now === (kind === 'delete' ? undefined : revision);
  const { unknown } = run.tally;
  unknown.unresolved = 0;
  if (isApplied) {
    unknown.applied += 1;
    remember(run, change);
  } else {
    unknown.not_applied += 1;
    run.rows.set(id, now);
  }
}

const revisionNow = async (database: Database, table: ChangeTable, id: number) =>
  (await readRevisions(database, table, id, id)).get(id);
