import type { SchemaFormat } from './codec.ts';
import type { Compression } from './frames/frame.ts';
import {
  aFunction,
  aLimit,
  aRegistry,
  checkOptions,
  formatsOnce,
  oneOf,
  required,
} from './option-checks.ts';
import type { RegistryClient } from './registry/schema-catalog.ts';
import type { SchemaNaming } from './registry/schema-name.ts';
import type { RegisteredSchema, SchemaRegistry } from './registry/schema-registry.ts';

/** A registry for writing. `useLatestVersion` needs `latestSchema`, which the clients of this package have. */
export type WriterRegistry = SchemaRegistry &
  Partial<Pick<RegistryClient<RegisteredSchema>, 'latestSchema'>>;

/** Options of a serializer. */
export interface SerializerOptions {
  /** Also decides the kind of frame. */
  registry: WriterRegistry;
  /** The data formats that can be written. Default `[avroFormat()]`. */
  formats?: readonly SchemaFormat[];
  /** The name under which a topic's schema is registered. Default `topicValueName`. */
  schemaName?: SchemaNaming;
  /**
   * Where the schema id is: before the body, or as a GUID in a record header, as Confluent's `HeaderSchemaIdSerializer`
   * writes it. A header needs a Confluent-compatible registry that has GUIDs (Confluent Platform 8.0). Default `prefix`.
   */
  schemaIdIn?: 'prefix' | 'header';
  /** `zlib` compresses bodies that become smaller; only Glue's frame supports it. Default `none`. */
  compression?: Compression;
  /** How many schemas stay compiled; the least recently used go first. Default 1000, about ten kilobytes each. */
  cacheSize?: number;
}

/** @throws TypeError */
export function checkSerializerOptions(options: SerializerOptions): void {
  checkOptions('createSerializer', options, {
    registry: required(aRegistry('schemaById', 'schemaByDefinition')),
    formats: formatsOnce,
    schemaName: aFunction,
    schemaIdIn: oneOf('prefix', 'header'),
    compression: oneOf('none', 'zlib'),
    cacheSize: aLimit,
  });
}
