export { type AvroOptions, avroFormat, compileAvro } from './avro/avro.ts';
export { avroCodec } from './avro/avro-codec.ts';
export { type InferenceOptions, type InferredSchema, inferAvro } from './avro/infer/infer-avro.ts';
export { type Payloads, payloadsOf } from './avro/infer/inferred-payloads.ts';
export {
  type Conversion,
  decimalText,
  type LogicalTypes,
  type ValueKind,
} from './avro/logical-types.ts';
export {
  conversionOfSchema,
  isTagged,
  type Representation,
  valueKindOf,
  valueKinds,
} from './avro/representation.ts';
export {
  type AvroField,
  type AvroSchema,
  branchName,
  InvalidAvroSchemaError,
  type NamedSchema,
  type RecordSchema,
  type UnionSchema,
} from './avro/schema/model.ts';
export { type ParseOptions, parseAvro } from './avro/schema/parse-avro.ts';
export { portableDefinition } from './avro/schema/portable-definition.ts';
export { inlineReferences } from './avro/schema/references.ts';
export type { Codec, CodecOptions, ReadFault, SchemaFormat } from './codec.ts';
export type { Deserialized } from './compiled-reader.ts';
export {
  createDeserializer,
  type Deserializer,
  type DeserializerOptions,
  type RecordContext,
  type TypedDeserializerOptions,
} from './deserializer.ts';
export {
  type Damage,
  DamagedFrameError,
  FormatNotLoadedError,
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
export type { ConfluentHeader } from './frames/confluent-frame.ts';
export type { Compression } from './frames/frame.ts';
export { createBodyReader } from './frames/frame-body.ts';
export type { GlueHeader } from './frames/glue-frame.ts';
export { type FrameHeader, peek } from './frames/peek.ts';
export type { RecordHeaders } from './frames/schema-id-header.ts';
export { printExactJson } from './json/exact-json.ts';
export type { Json, JsonNumber, JsonObject } from './json/json-text.ts';
export { createPlainJsonDeserializer, createPlainJsonSerializer } from './plain-json.ts';
export type { ReaderSchema, ReaderSchemaChoice } from './reader-schema.ts';
export type { RegistryClient } from './registry/schema-catalog.ts';
export {
  type RecordPart,
  type SchemaNaming,
  topicName,
  topicValueName,
} from './registry/schema-name.ts';
export type {
  DataFormat,
  RegisteredSchema,
  SchemaReference,
  SchemaRegistry,
  SchemaText,
} from './registry/schema-registry.ts';
export { type SchemaSnapshotOptions, withSnapshot } from './registry/schema-snapshot.ts';
export type { SchemaChoice, TypedChoice } from './schema-choice.ts';
export { createSerializer, type Serializer } from './serializer.ts';
export type { SerializerOptions, WriterRegistry } from './serializer-options.ts';
export type { TypedSchema } from './typed-schema.ts';
