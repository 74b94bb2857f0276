export type DatabaseKind = 'postgresql' | 'mysql';

/** A value as the database prints it, so that no number is rounded; null for NULL. */
export type SqlText = string | null;

export type SqlRow = Record<string, SqlText>;

export interface SqlResult {
  rows: SqlRow[];
  /** Rows that an INSERT, UPDATE or DELETE changed. */
  changed: number;
}

/** One connection. Times are in UTC; the database prints dates in ISO 8601. */
export interface Database {
  readonly kind: DatabaseKind;
  /** Host, port and database name, for messages. */
  readonly place: string;
  /**
   * Runs one statement. Without an open transaction it is a transaction of its own.
   *
   * @throws DatabaseRefusedError the server answered with an error: the statement changed nothing
   * @throws DatabaseUnavailableError the connection was lost: the statement may have been applied
   */
  run(sql: string, parameters?: readonly SqlText[]): Promise<SqlResult>;
  /** A name of a table or column, in the quotes of this database. */
  quoted(name: string): string;
  /** The placeholder of parameter `index`, counted from 1. */
  parameter(index: number): string;
  /** Ends the connection without waiting for its statement. */
  close(): void;
}

/** The server did not answer, or the connection was lost. Another attempt can succeed. */
export class DatabaseUnavailableError extends Error {
  readonly code = 'database-unavailable';
  readonly retryable = true;
}

/** The server refused the login or the statement. */
export class DatabaseRefusedError extends Error {
  readonly code = 'database-refused';
  readonly retryable = false;
  /** SQLSTATE of PostgreSQL, such as `42703`; error name of MySQL, such as `ER_BAD_FIELD_ERROR`. */
  readonly reason: string;

  constructor(message: string, reason: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
