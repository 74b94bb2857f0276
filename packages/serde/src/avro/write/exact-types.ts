import avro, { type Type as AvscType } from 'avsc';
import { conversionOf } from '../logical-types.ts';
import type { Tap } from '../tap.ts';
import { type CheckHook, type Codable, type CompileOptions, refuse } from './avsc-type.ts';
import { MapType } from './containers.ts';
import { enumType, FixedType } from './named.ts';
import { recordType } from './record.ts';
import { BytesType, FloatType, LongType, StringType } from './scalars.ts';
import { unionType } from './unions.ts';

const { Type, types } = avro;

const primitives: Record<string, AvscType> = {
  int: new types.IntType(),
  bytes: new BytesType(),
  long: new LongType(),
  float: new FloatType(),
  string: new StringType(),
};
type Construct = (schema: object, options: CompileOptions) => AvscType;
const constructors: Record<string, Construct> = {
  map: (schema, options) => new MapType(schema as never, options),
  enum: enumType,
  fixed: (schema, options) => new FixedType(schema as never, options),
  record: recordType,
  error: recordType,
};
const untouched = new Set(['null', 'boolean', 'double', 'array']);

/**
 * avsc's types, made exact for writing. avsc parses schemas, resolves names and finds the wrong field
 * of a value; these subclasses replace what it writes wherever it would change a value silently.
 *
 * This is avsc's `typeHook`: decides the type of each part of a schema, ours or avsc's own. Unlike its
 * `registry` option it also sees `{"type": "long", "logicalType": …}` (mtth/avsc#485).
 */
export function exactType(schema: unknown, options: CompileOptions): AvscType | undefined {
  if (typeof schema === 'string') return ownEntry(primitives, schema);
  if (Array.isArray(schema)) return unionType(schema, options);
  const { type, logicalType } = schema as { type?: unknown; logicalType?: unknown };
  if (typeof type === 'object' && type !== null) return Type.forSchema(type as never, options);
  if (typeof type !== 'string' || untouched.has(type)) return undefined;
  const exact =
    ownEntry(constructors, type)?.(schema as object, options) ?? ownEntry(primitives, type);
  // `{"type": "Name"}` is a reference, to Java and Python as well.
  if (!exact) return Type.forSchema(type as never, options);
  return logicalType === undefined ? exact : logical(exact as Codable, schema as never, options);
}

function logical(
  underlying: Codable,
  schema: { type: string; logicalType: unknown },
  { representation, registry }: CompileOptions,
): AvscType {
  const conversion = conversionOf(schema, representation.logicalTypes ?? {});
  if (!conversion) return underlying;
  const type: Codable = Object.create(underlying, {
    conversion: { value: conversion },
    expected: { value: `${schema.logicalType} as ${conversion.kind}` },
    _check: {
      value(value: unknown, flags: unknown, hook?: CheckHook, path?: string[]): boolean {
        const converted = conversion.encode(value);
        if (converted !== undefined) return underlying._check(converted, flags, hook, path);
        hook?.(value, type);
        return false;
      },
    },
    _write: {
      value(tap: Tap, value: unknown): void {
        underlying._write(tap, conversion.encode(value) ?? refuse());
      },
    },
  });
  // A reference by name means the logical type too.
  if (underlying.name !== undefined) registry[underlying.name] = type;
  return type;
}

function ownEntry<T>(entries: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}
