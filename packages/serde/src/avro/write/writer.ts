import type { Type as AvscType } from 'avsc';
import { SchemaMismatchError } from '../../errors.ts';
import { memberPointer } from '../../json/json-pointer.ts';
import type { AvroSchema } from '../schema/model.ts';
import { avscTypeOf } from './avsc-types.ts';
import type { WriteOptions } from './write-options.ts';

/** Writes values by one schema: see `Codec.encode`. */
export type Write = (value: unknown, target: Buffer, offset: number) => number;

/** Compiles a schema for writing. */
export function compileWriter(schema: AvroSchema, options: WriteOptions): Write {
  const type = avscTypeOf(schema, options);
  return (value, target, offset) => {
    try {
      return type.encode(value, target, offset);
    } catch {
      throw mismatch(type, value);
    }
  };
}

// Encoding stops at the first wrong field without knowing where it is; the checker walks the path.
function mismatch(type: AvscType, value: unknown): SchemaMismatchError {
  let pointer = '';
  let expected = nameOf(type);
  let found = false;
  try {
    type.isValid(value, {
      errorHook(path, _value, wrongType) {
        if (found) return;
        found = true;
        pointer = path.reduce(memberPointer, '');
        expected = nameOf(wrongType);
      },
    });
  } catch {
    // A value that throws when it is read, or contains itself: the pointer stays at the top.
  }
  return new SchemaMismatchError(pointer, expected);
}

function nameOf(type: AvscType & { expected?: string }): string {
  return type.expected ?? type.typeName;
}
