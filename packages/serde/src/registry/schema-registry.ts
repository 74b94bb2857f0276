/** The formats of a definition; which of them are read and written is the choice of `formats`. */
export type DataFormat = 'AVRO' | 'JSON' | 'PROTOBUF';

export function isDataFormat(format: string | undefined): format is DataFormat {
  return format === 'AVRO' || format === 'JSON' || format === 'PROTOBUF';
}

/** A schema that a definition builds on, by the name that the definition calls it. */
export interface SchemaReference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
  /** The text of the schema referred to. */
  readonly definition: string;
}

/** One immutable version of a schema. Frozen, and the same object for every record of that version. */
export interface RegisteredSchema {
  /** Of a Glue registry: UUID text, lower case. */
  readonly schemaVersionId?: string;
  /** Of a Confluent-compatible registry. */
  readonly schemaId?: number;
  readonly name?: string;
  readonly versionNumber?: number;
  readonly dataFormat: DataFormat;
  /** The text byte for byte, as the registry holds it or as the writer gave it. */
  readonly definition: string;
  /** Of a Confluent-compatible registry: what the definition builds on, each before those that refer to it. */
  readonly references?: readonly SchemaReference[];
}

/** The id as `SchemaRegistry.schemaById` takes it and errors carry it; `undefined` of a schema that is in no registry. */
export function idOf({ schemaVersionId, schemaId }: RegisteredSchema): string | undefined {
  return schemaVersionId ?? schemaId?.toString();
}

/** What a serializer and a deserializer ask of a registry. */
export interface SchemaRegistry {
  /** Which kind of frame carries the ids of this registry. */
  readonly framing: 'glue' | 'confluent';

  /**
   * The reader's question. Answers are kept: a version never changes. One request in flight per id.
   *
   * @param id UUID text, or the decimal text of a Confluent-compatible registry's id
   * @throws UnknownSchemaError the registry has no such version; remembered for a short while
   * @throws InvalidSchemaError the version is of a data format that is not read here
   * @throws RegistryUnavailableError | RegistryAccessError | RegistryRequestError
   */
  schemaById(id: string): Promise<RegisteredSchema>;

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
