import type { RegisteredSchema } from './schema-registry.ts';

/** The questions of people and tools, beyond those of writing and reading records. Answers are not kept. */
export interface SchemaCatalog {
  /** The names of all schemas, fetched page by page, in the order of the registry. */
  schemaNames(options?: { pageSize?: number }): AsyncIterable<string>;
  /**
   * Numbers of the usable versions of a schema, the oldest first.
   *
   * @throws SchemaNotRegisteredError there is no such schema
   */
  versionNumbers(schemaName: string): Promise<number[]>;
  /** @throws SchemaNotRegisteredError there is no such version */
  schemaVersion(schemaName: string, version: number | 'latest'): Promise<RegisteredSchema>;
  /**
   * The compatibility mode by its name in Glue, such as `BACKWARD` or `FULL_ALL`.
   *
   * @throws SchemaNotRegisteredError there is no such schema
   */
  compatibilityOf(schemaName: string): Promise<string>;
}
