import { compileAvro } from './avro.ts';
import type { Codec } from './codec.ts';
import type { RegisteredSchema } from './schema-registry.ts';

/** The codec of a schema version, by its data format. */
export function compile(schema: RegisteredSchema): Codec {
  switch (schema.dataFormat) {
    case 'AVRO':
      return compileAvro(schema.definition);
  }
}
