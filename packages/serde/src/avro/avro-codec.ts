import { bufferView } from '../frames/buffer-view.ts';
import { createFrameSlab } from '../frames/frame-slab.ts';
import { checkSchema } from '../schema-shapes.ts';
import type { TypedSchema } from '../typed-schema.ts';
import { avroFormat, compileAvro } from './avro.ts';
import { checkWriteOptions, type WriteOptions } from './write/write-options.ts';

const noHeader = Buffer.alloc(0);

/**
 * An Avro schema whose values have a type. The types are a claim about the definition and the options: let `glue-schemas
 * types` write the call, so that the claim is true.
 *
 * @throws TypeError the definition is not a text, or an option is not what it may be
 * @throws InvalidSchemaError with the first value, if the definition cannot be compiled
 */
export function avroCodec<Value, Input = Value>(
  definition: string,
  options: WriteOptions = {},
): TypedSchema<Value, Input> {
  checkSchema('avroCodec', definition);
  checkWriteOptions('avroCodec', options);
  const codec = compileAvro(definition, options);
  const frame = createFrameSlab(1024);
  return Object.freeze({
    dataFormat: 'AVRO',
    definition,
    format: avroFormat(options),
    encode: (value: Input) => frame(noHeader, codec, value),
    decode: (body: Uint8Array) => codec.decode(bufferView(body), 0) as Value,
  });
}
