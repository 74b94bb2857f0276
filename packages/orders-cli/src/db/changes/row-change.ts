import type { SeededRandom } from '../../seeded-random.ts';
import type { SqlText } from '../connection/database.ts';
import type { TableColumn } from './column-type.ts';
import { drawColumn } from './draw-value.ts';
import type { KnownRows } from './known-rows.ts';

export type RowChange = { id: number; revision: bigint } & (
  | { kind: 'insert'; values: Map<string, SqlText> }
  | { kind: 'update'; replaces: bigint; values: Map<string, SqlText> }
  | { kind: 'delete'; replaces: bigint }
);

/**
 * The next change of one of `keys` rows: an insert where the row does not exist, else an update (four of five) or a delete.
 * The same random numbers, rows and columns make the same change.
 */
export function drawChange(
  random: SeededRandom,
  { keys, rows, columns }: { keys: number; rows: KnownRows; columns: readonly TableColumn[] },
): RowChange {
  const id = random.integer(1, keys);
  const replaces = rows.revisionOf(id);
  const revision = rows.lastRevisionOf(id) + 1n;
  const drawn = columns.filter(
    ({ name, type, hasDefault }) =>
      name !== 'id' && name !== 'revision' && !(type.kind === 'other' && hasDefault),
  );
  if (replaces === undefined)
    return { kind: 'insert', id, revision, values: drawAll(random, drawn) };
  if (random.integer(0, 4) === 0) return { kind: 'delete', id, revision, replaces };
  const changed = drawn.filter(() => random.integer(0, 2) === 0);
  return { kind: 'update', id, revision, replaces, values: drawAll(random, changed) };
}

const drawAll = (random: SeededRandom, columns: readonly TableColumn[]) =>
  new Map(columns.map((column) => [column.name, drawColumn(random, column)]));
