import type { DataFormat, RegisteredSchema, SchemaRegistry } from './schema-registry.ts';

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

/** The client of a registry whose versions are of one kind. Its errors are those of `SchemaRegistry`. */
export interface RegistryClient<Schema extends RegisteredSchema>
  extends SchemaRegistry,
    SchemaCatalog {
  /** Identifies the registry, for people and for `withSnapshot`. */
  readonly source: string;
  schemaById(id: string): Promise<Schema>;
  schemaByDefinition(
    ...question: Parameters<SchemaRegistry['schemaByDefinition']>
  ): Promise<Schema>;
  /**
   * The newest usable version. Refreshed in the background after 5 minutes.
   *
   * @throws SchemaNotRegisteredError there is no version
   */
  latestSchema(schemaName: string): Promise<Schema>;
  /**
   * The newest usable version of the schema that `writer` is a version of, as `latestSchema`.
   *
   * @param names decide where `writer` belongs to several schemas, as the same text in a Confluent-compatible registry
   *   may; the first of them that is among its schemas is used
   * @throws InvalidSchemaError no schema has this version any more, or several have it and none of them is in `names`
   */
  latestVersionOf(writer: RegisteredSchema, names?: readonly string[]): Promise<Schema>;
  schemaVersion(schemaName: string, version: number | 'latest'): Promise<Schema>;
  /** Registers a definition under a name and creates the schema if necessary, regardless of `autoRegistration`. */
  registerVersion(
    schemaName: string,
    definition: string,
    dataFormat?: DataFormat /* default AVRO */,
  ): Promise<Schema>;
  /** Resolves when the registry answers. Rejects when it is unreachable or rejects the credentials. */
  check(): Promise<void>;
  /** Closes the connections. */
  close(): void;
}
