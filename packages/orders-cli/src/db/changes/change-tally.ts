import type { RowChange } from './row-change.ts';

export interface ChangeSummary {
  /** All applied changes: inserts, updates and deletes. */
  changes: number;
  inserts: number;
  updates: number;
  deletes: number;
  /** Inserts of a key that this run had deleted before; part of `inserts`. */
  reinserts: number;
  /** Changes whose answer was lost with the connection. `applied` ones are part of the counts above. */
  unknown: { applied: number; not_applied: number; unresolved: number };
  /** Changes that found another row than expected: another program changes the same keys. Nothing was applied. */
  conflicts: number;
  /** Changes that the database refused, such as those of a column that is gone. Nothing was applied. */
  refused: number;
  reconnects: number;
}

export type ChangeTally = ReturnType<typeof createChangeTally>;

export function createChangeTally() {
  const counts = { insert: 0, update: 0, delete: 0 };
  const unknown = { applied: 0, not_applied: 0, unresolved: 0 };
  const others = { conflicts: 0, refused: 0, reconnects: 0 };
  const deleted = new Set<number>();
  let reinserts = 0;
  return {
    unknown,
    others,
    applied({ kind, id }: RowChange): void {
      counts[kind] += 1;
      if (kind === 'delete') deleted.add(id);
      else if (kind === 'insert' && deleted.has(id)) reinserts += 1;
    },
    changes: (): number => counts.insert + counts.update + counts.delete,
    summary: (): ChangeSummary => ({
      changes: counts.insert + counts.update + counts.delete,
      ...{ inserts: counts.insert, updates: counts.update, deletes: counts.delete, reinserts },
      unknown: { ...unknown },
      ...others,
    }),
  };
}

export function formatChanges(summary: ChangeSummary, seconds: number): string {
  const { changes, inserts, reinserts, updates, deletes, unknown, conflicts, refused } = summary;
  const lost = unknown.applied + unknown.not_applied + unknown.unresolved;
  const perSecond = seconds > 0 ? Math.round(changes / seconds) : 0;
  return [
    `${changes} changes in ${seconds.toFixed(1)} s (${perSecond} per second): ${inserts} inserts (${reinserts} of deleted keys), ${updates} updates, ${deletes} deletes`,
    `${lost} answers lost (${unknown.applied} applied, ${unknown.not_applied} not applied, ${unknown.unresolved} unknown), ${conflicts} conflicts, ${refused} refused, ${summary.reconnects} reconnects`,
  ].join('\n');
}
