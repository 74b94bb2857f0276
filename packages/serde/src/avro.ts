import avro, { type Type as AvscType } from 'avsc';
import { type AvroSchema, repairNames } from './avro-names.ts';
import { inlineReferences } from './avro-references.ts';
import { exactType } from './avro-types.ts';
import type { Codec, SchemaFormat } from './codec.ts';
import { DamagedFrameError, InvalidSchemaError, SchemaMismatchError } from './errors.ts';
import { parseExactJson } from './exact-json.ts';

/** Avro (specification 1.12), binary encoding. */
export function avroFormat(): SchemaFormat {
  return {
    dataFormat: 'AVRO',
    compile: ({ definition, references }) => compileAvro(inlineReferences(definition, references)),
  };
}

/**
 * Compiles an Avro definition (specification 1.12) to a codec of its binary encoding.
 *
 * Values: records and maps are plain objects, arrays are arrays, bytes and fixed are Buffers, enums
 * are strings, a logical type is its underlying value (`timestamp-millis`: epoch milliseconds).
 * A `long` is a number while it is a safe integer, else a bigint; either is accepted.
 * A union's value stands alone where JavaScript can tell its branches apart, as in
 * `["null", "string"]`; else it is tagged by its branch, `{"long": 5}`, as in Avro's JSON encoding.
 * On writing, a missing field takes its default, and a property that is no field is ignored.
 *
 * @throws InvalidSchemaError on the first use, where the definition cannot be compiled
 */
export function compileAvro(definition: string): Codec {
  let writer: AvscType | undefined;
  let reader: AvscType | undefined;

  return {
    encode(value, target, offset) {
      writer ??= typeOf(definition, false);
      try {
        return writer.encode(value, target, offset);
      } catch {
        throw mismatch(writer, value);
      }
    },

    decode(bytes, offset) {
      reader ??= typeOf(definition, true);
      let decoded: { value: unknown; offset: number };
      try {
        decoded = reader.decode(bytes, offset);
      } catch (error) {
        if (error instanceof DamagedFrameError) throw error;
        throw new DamagedFrameError(error instanceof RangeError ? 'nested-too-deeply' : 'bad-body');
      }
      if (decoded.offset < 0) throw new DamagedFrameError('truncated-body');
      // Java ignores what follows the value. Here it is damage: an honest writer ends with the value,
      // and bytes left over are most often the sign of a body read with a schema not its own.
      if (decoded.offset < bytes.length) throw new DamagedFrameError('trailing-bytes');
      return decoded.value;
    },
  };
}

function typeOf(definition: string, ignoreDefaults: boolean): AvscType {
  try {
    // Defaults and custom attributes hold integers that `JSON.parse` alone would round.
    const schema = repairNames(parseExactJson(definition) as AvroSchema);
    return avro.Type.forSchema(
      schema as never,
      {
        registry: Object.create(null),
        typeHook: exactType as never,
        ignoreDefaults,
      } as never,
    );
  } catch (error) {
    throw new InvalidSchemaError((error as Error).message);
  }
}

// Encoding stops at the first wrong field without knowing where it is; the checker walks the path.
function mismatch(type: AvscType, value: unknown): SchemaMismatchError {
  let pointer = '';
  let expected = type.name ?? type.typeName;
  let found = false;
  try {
    type.isValid(value, {
      errorHook(path, _value, wrongType) {
        if (found) return;
        found = true;
        pointer = path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
        expected = wrongType.branchName ?? wrongType.toString();
      },
    });
  } catch {
    // A value that throws when looked at, or has no end: the pointer stays at its top.
  }
  return new SchemaMismatchError(pointer, expected);
}
