export { type AvroOptions, avroFormat, compileAvro } from './avro.ts';
export type { LogicalTypes } from './avro-logical-types.ts';
export { inlineReferences } from './avro-references.ts';
export type { Representation } from './avro-representation.ts';
export type { Codec, CodecOptions, SchemaFormat } from './codec.ts';
export type { ConfluentHeader } from './confluent-frame.ts';
export {
  createDeserializer,
  type Deserialized,
  type Deserializer,
  type DeserializerOptions,
} from './deserializer.ts';
export {
  type Damage,
  DamagedFrameError,
  InvalidSchemaError,
  NotAFrameError,
  ReaderSchemaMismatchError,
  RegistryAccessError,
  RegistryRequestError,
  RegistryUnavailableError,
  SchemaMismatchError,
  SchemaNotRegisteredError,
  SchemaPendingError,
  SchemaRefusedError,
  SerdeError,
  UndecodableError,
  UnknownSchemaError,
} from './errors.ts';
export type { Compression } from './frame.ts';
export type { GlueHeader } from './glue-frame.ts';
export { type InferenceOptions, type InferredSchema, inferAvro } from './infer-avro.ts';
export { type Payloads, payloadsOf } from './inferred-payloads.ts';
export { type FrameHeader, peek } from './peek.ts';
export { createPlainJsonDeserializer, createPlainJsonSerializer } from './plain-json.ts';
export { type RecordPart, type SchemaNaming, topicName, topicValueName } from './schema-name.ts';
export type {
  DataFormat,
  RegisteredSchema,
  SchemaReference,
  SchemaRegistry,
} from './schema-registry.ts';
export { type SchemaSnapshotOptions, withSnapshot } from './schema-snapshot.ts';
export {
  createSerializer,
  type SchemaChoice,
  type Serializer,
  type SerializerOptions,
} from './serializer.ts';
