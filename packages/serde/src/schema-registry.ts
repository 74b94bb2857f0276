/** The formats of a definition that can be compiled here. */
export type DataFormat = 'AVRO';

/** One immutable version of a schema. Frozen, and the same object for every record of that version. */
export interface RegisteredSchema {
  /** UUID text, lower case. */
  readonly schemaVersionId: string;
  readonly name?: string;
  readonly versionNumber?: number;
  readonly dataFormat: DataFormat;
  /** The text byte for byte, as the registry holds it or as the writer gave it. */
  readonly definition: string;
}

/** What a serializer and a deserializer ask of a registry. */
export interface SchemaRegistry {
  /**
   * The reader's question. Answers are kept: a version never changes. One request in flight per id.
   *
   * @throws UnknownSchemaError the registry has no such version; remembered for a short while
   * @throws InvalidSchemaError the version is of a data format that is not read here
   * @throws RegistryUnavailableError | RegistryAccessError | RegistryRequestError
   */
  schemaById(schemaVersionId: string): Promise<RegisteredSchema>;

  /**
   * The writer's question: which version of `schemaName` has this definition? Registers it when it
   * is absent and the registry was told that it may. One request in flight per name and definition.
   *
   * @param transport topic the schema is first used for; kept as metadata of a version that is made here
   * @throws SchemaNotRegisteredError absent, and auto-registration is off
   * @throws SchemaRefusedError incompatible with what is registered, or malformed
   * @throws SchemaPendingError the registry did not decide in time
   * @throws RegistryUnavailableError | RegistryAccessError | RegistryRequestError
   */
  schemaByDefinition(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
    transport?: string,
  ): Promise<RegisteredSchema>;
}
