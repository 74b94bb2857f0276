import {
  type Database,
  DatabaseRefusedError,
  DatabaseUnavailableError,
  type SqlText,
} from '../connection/database.ts';

/** The end of one statement: `lost-after` is applied, and its answer is lost. */
export type StatementEnd = 'answered' | 'refused' | 'lost-before' | 'lost-after';

/** A table of `id` and `revision` that understands the statements of `orders db churn`, and counts what it applied. */
export function createFakeTable(rows: Map<number, bigint>) {
  const applied = { INSERT: 0, UPDATE: 0, DELETE: 0 };
  let isLost = false;

  const change = (verb: keyof typeof applied, parameters: readonly SqlText[]): number => {
    const id = Number(verb === 'UPDATE' ? parameters.at(-2) : parameters[0]);
    const expected = verb === 'INSERT' ? undefined : BigInt(parameters.at(-1) as string);
    if (rows.get(id) !== expected) {
      if (verb === 'INSERT') throw new DatabaseRefusedError('duplicate key', '23505');
      return 0;
    }
    if (verb === 'DELETE') rows.delete(id);
    else rows.set(id, BigInt(parameters[verb === 'INSERT' ? 1 : 0] as string));
    applied[verb] += 1;
    return 1;
  };

  /** @param nextEnd decides each statement that changes rows */
  const connect = (nextEnd: () => StatementEnd): Database => {
    isLost = false;
    return {
      kind: 'postgresql',
      place: 'fake:5432',
      quoted: (name) => name,
      parameter: (index) => `$${index}`,
      close() {},
      async run(sql, parameters = []) {
        const lost = new DatabaseUnavailableError('fake:5432: the connection was lost');
        if (isLost) throw lost;
        const verb = sql.slice(0, 6);
        if (verb === 'SELECT') {
          const [, first, last] = / BETWEEN (\d+) AND (\d+)$/.exec(sql) ?? [];
          if (first === undefined) return { rows: [], changed: 0 };
          const within = [...rows].filter(([id]) => id >= Number(first) && id <= Number(last));
          return {
            rows: within.map(([id, revision]) => ({ id: String(id), revision: String(revision) })),
            changed: 0,
          };
        }
        const end = nextEnd();
        if (end === 'refused') throw new DatabaseRefusedError('fake:5432: no column', '42703');
        isLost = end !== 'answered';
        const changed =
          end === 'lost-before' ? 0 : change(verb as keyof typeof applied, parameters);
        if (isLost) throw lost;
        return { rows: [], changed };
      },
    };
  };
  return { connect, applied };
}
