import avro, { type Type as AvscType } from 'avsc';
import { ArrayType, MapType } from './avro-containers.ts';
import { EnumType, FixedType } from './avro-named.ts';
import { RecordType } from './avro-record.ts';
import { DoubleType, FloatType, IntType, LongType, StringType } from './avro-scalars.ts';
import { unionType } from './avro-unions.ts';
import type { CompileOptions } from './avsc-type.ts';

const { Type } = avro;

const primitives: Record<string, AvscType> = {
  long: new LongType(),
  int: new IntType(),
  float: new FloatType(),
  double: new DoubleType(),
  string: new StringType(),
};
const constructors: Record<string, new (schema: never, options: never) => AvscType> = {
  array: ArrayType,
  map: MapType,
  enum: EnumType,
  fixed: FixedType,
  record: RecordType,
  error: RecordType,
};
const untouched = new Set(['null', 'boolean', 'bytes']);

/**
 * avsc's types, made exact. avsc parses schemas, resolves names and defaults and finds the wrong
 * field of a value; these subclasses replace what it reads and writes wherever it would change a
 * value silently or trust a length, and make every decoded record and branch a plain object.
 *
 * This is avsc's `typeHook`: decides the type of each part of a schema, ours or avsc's own. Unlike its
 * `registry` option it also sees `{"type": "long", "logicalType": …}` (mtth/avsc#485).
 */
export function exactType(schema: unknown, options: CompileOptions): AvscType | undefined {
  if (typeof schema === 'string') return ownEntry(primitives, schema);
  if (Array.isArray(schema)) return unionType(schema, options);
  const { type } = schema as { type?: unknown };
  if (typeof type === 'object' && type !== null) return Type.forSchema(type as never, options);
  if (typeof type !== 'string' || untouched.has(type)) return undefined;
  const Constructor = ownEntry(constructors, type);
  if (Constructor) return new Constructor(schema as never, options as never);
  // `{"type": "Name"}` is a reference, to Java and Python as well.
  return ownEntry(primitives, type) ?? Type.forSchema(type as never, options);
}

function ownEntry<T>(entries: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}
