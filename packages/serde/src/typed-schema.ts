import type { SchemaFormat } from './codec.ts';
import type { DataFormat, SchemaText } from './registry/schema-registry.ts';

/**
 * A schema whose values have a TypeScript type. `glue-schemas types` generates one for a schema file.
 *
 * As `readerSchema` of a deserializer, it guarantees the type: every record is resolved to it, or rejected. As `schema` of a
 * serializer, it makes a wrong value an error of types.
 *
 * @typeParam Value what reading gives
 * @typeParam Input what writing takes: fields with a default may be missing, bytes may be any `Uint8Array`
 */
export interface TypedSchema<Value, Input = Value> extends SchemaText {
  readonly dataFormat: DataFormat;
  /** Reads and writes the representation of values that the types describe. It replaces the `formats` of the caller. */
  readonly format: SchemaFormat;
  /**
   * The body of a frame, without a header.
   *
   * @throws SchemaMismatchError
   */
  readonly encode: (value: Input) => Buffer;
  /**
   * Reads the body of a frame that was written with this schema.
   *
   * @throws DamagedFrameError
   */
  readonly decode: (body: Uint8Array) => Value;
}

/** Whether a schema that is a text or a typed schema brings its own format. */
export function isTyped(schema: unknown): schema is TypedSchema<unknown, never> {
  return typeof schema === 'object' && schema !== null && 'format' in schema && 'encode' in schema;
}
