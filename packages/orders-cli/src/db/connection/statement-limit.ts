import { type Database, DatabaseUnavailableError } from './database.ts';

/**
 * A database whose statements end after `limitMs`: the connection is closed, and the statement may have been applied. Without
 * a limit, a statement would wait for minutes for a host that is gone.
 */
export function limitStatements(database: Database, limitMs: number): Database {
  return {
    ...database,
    async run(sql, parameters) {
      const { promise: late, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        database.close();
        const seconds = limitMs / 1000;
        reject(
          new DatabaseUnavailableError(
            `${database.place}: no answer to a statement in ${seconds} s`,
          ),
        );
      }, limitMs);
      const result = database.run(sql, parameters);
      try {
        return await Promise.race([result, late]);
      } finally {
        clearTimeout(timer);
        result.catch(() => {});
      }
    },
  };
}
