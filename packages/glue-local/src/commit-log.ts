import type { FastifyBaseLogger } from 'fastify';

/** The log of the changes of a transaction. */
export type CommitLog = ReturnType<typeof createCommitLog>;

/** Keeps the lines of a transaction until its end, so that no line reports a change that was rolled back. */
export function createCommitLog(log: Pick<FastifyBaseLogger, 'info' | 'warn'>) {
  let lines: (() => void)[] = [];
  return {
    info(fields: object, message: string): void {
      lines.push(() => log.info(fields, message));
    },
    warn(fields: object, message: string): void {
      lines.push(() => log.warn(fields, message));
    },
    /** After COMMIT. */
    write(): void {
      const written = lines;
      lines = [];
      for (const write of written) write();
    },
    /** After ROLLBACK. */
    discard(): void {
      lines = [];
    },
  };
}
