import type { Codec, CodecOptions, SchemaFormat } from './codec.ts';
import { InvalidSchemaError } from './errors.ts';
import { idOf, type RegisteredSchema } from './registry/schema-registry.ts';

/**
 * The codec of a schema version, by the format among those given that is its own.
 *
 * @throws InvalidSchemaError none of the formats is the schema's
 */
export function compile(
  schema: RegisteredSchema,
  formats: readonly SchemaFormat[],
  options: CodecOptions,
): Codec {
  const { dataFormat } = schema;
  const format = formats.find((candidate) => candidate.dataFormat === dataFormat);
  if (format) return format.compile(schema, options);
  throw new InvalidSchemaError(`data format ${dataFormat} is not among 'formats'`, idOf(schema));
}
