import type { RegisteredSchema } from './schema-registry.ts';

/** What people and tools ask of a registry, beyond what writing and reading records takes. Nothing is kept. */
export interface SchemaCatalog {
  /** The names of all schemas, page by page; the order is the registry's. */
  schemaNames(options?: { pageSize?: number }): AsyncIterable<string>;
  /**
   * Numbers of the versions of a schema that can be used, the oldest first.
   *
   * @throws SchemaNotRegisteredError there is no such schema
   */
  versionNumbers(schemaName: string): Promise<number[]>;
  /** @throws SchemaNotRegisteredError there is no such version */
  schemaVersion(schemaName: string, version: number | 'latest'): Promise<RegisteredSchema>;
  /**
   * Mode by Glue's names, such as `BACKWARD` or `FULL_ALL`.
   *
   * @throws SchemaNotRegisteredError there is no such schema
   */
  compatibilityOf(schemaName: string): Promise<string>;
}
