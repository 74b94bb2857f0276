/** The data formats of definitions. The option `formats` chooses those that are read and written. */
export type DataFormat = 'AVRO' | 'JSON' | 'PROTOBUF';

export function isDataFormat(format: string | undefined): format is DataFormat {
  return format === 'AVRO' || format === 'JSON' || format === 'PROTOBUF';
}

/** A schema that a definition refers to by `name`. */
export interface SchemaReference {
  /** Avro: the full name of a type. Protobuf: the import path. JSON Schema: the document in a `$ref`. */
  readonly name: string;
  /** Only from a registry: where it is registered. */
  readonly subject?: string;
  readonly version?: number;
  /** Text of that schema. */
  readonly definition: string;
}

/** A definition with the schemas that it refers to, each before those that refer to it. */
export interface SchemaText {
  readonly definition: string;
  readonly references?: readonly SchemaReference[] | undefined;
}

/** An immutable version of a schema: a frozen object that all records of the version share. */
export interface RegisteredSchema {
  /** Only from a Glue registry: a UUID in lower case. */
  readonly schemaVersionId?: string;
  /** Only from a Confluent-compatible registry. */
  readonly schemaId?: number;
  /** Only from Confluent Platform 8.0 or newer: identifies the schema in every registry. A UUID in lower case. */
  readonly schemaGuid?: string;
  readonly name?: string;
  readonly versionNumber?: number;
  readonly dataFormat: DataFormat;
  /** The text, byte for byte as in the registry or as the writer passed it. */
  readonly definition: string;
  /** The schemas referred to, each before those that refer to it. A Glue registry has none. */
  readonly references?: readonly SchemaReference[] | undefined;
}

/** The id that `SchemaRegistry.schemaById` and errors use; `undefined` for a schema that is not in a registry. */
export function idOf(schema: RegisteredSchema): string | undefined {
  const { schemaVersionId, schemaId, schemaGuid } = schema;
  return schemaVersionId ?? schemaId?.toString() ?? schemaGuid;
}

/** The questions of serializers and deserializers. */
export interface SchemaRegistry {
  /** The kind of frame that carries ids of this registry. */
  readonly framing: 'glue' | 'confluent';

  /**
   * Asked when reading. Answers are kept, because a version never changes. One request is in flight per id.
   *
   * @param id a UUID, or the id of a Confluent-compatible registry in decimal; such a registry also takes a GUID
   * @throws UnknownSchemaError the registry has no such version; remembered for a short time
   * @throws InvalidSchemaError the data format of the version is not supported
   * @throws RegistryUnavailableError | RegistryAccessError | RegistryRequestError
   */
  schemaById(id: string): Promise<RegisteredSchema>;

  /**
   * Asked when writing: the version of `schemaName` with this definition. Registers the definition when it is absent
   * and auto-registration is on. One request is in flight per name and definition.
   *
   * @param transport topic that first uses the schema; stored as metadata of a version that is registered
   * @throws SchemaNotRegisteredError absent, and auto-registration is off
   * @throws SchemaRefusedError incompatible with what is registered, of another data format, or malformed
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
