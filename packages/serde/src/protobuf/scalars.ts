import { highOf, integerOf, lowOf, signed64, unsigned64, zigzag64 } from './integers.ts';
import { misfit } from './misfit.ts';
import type { WireReader } from './wire-reader.ts';
import type { WireWriter } from './wire-writer.ts';

/** Reads and writes one type of value. */
export interface WireValue {
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wireType: 0 | 1 | 2 | 5;
  /** The value of an absent field of implicit presence; a new object each time. */
  defaultValue(): unknown;
  /** Converts a value for `write`. Throws Misfit. */
  convert(value: unknown): unknown;
  isDefault(converted: unknown): boolean;
  write(writer: WireWriter, converted: never): void;
  read(reader: WireReader): unknown;
}

type Exact = number | bigint;

/** The part of a WireValue that differs between types of one kind. */
type Wire<Value> = { wireType: WireValue['wireType'] } & {
  write(writer: WireWriter, value: Value): void;
  read(reader: WireReader): Value;
};

function integer32(
  name: string,
  [min, max]: readonly [number, number],
  wire: Wire<number>,
): WireValue {
  return {
    ...wire,
    defaultValue: () => 0,
    convert: (value) => Number(integerOf(value, min, max) ?? misfit(name)),
    isDefault: (value) => value === 0,
  };
}

const signed = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const unsigned = [0n, 2n ** 64n - 1n] as const;

function integer64(
  name: string,
  [min, max]: readonly [bigint, bigint],
  wireType: 0 | 1,
  combine: (low: number, high: number) => Exact,
): WireValue {
  return {
    wireType,
    defaultValue: () => 0,
    convert: (value) => integerOf(value, min, max) ?? misfit(name),
    isDefault: (value) => value === 0 || value === 0n,
    write:
      wireType === 0
        ? (writer, value: Exact) => writer.uint64(lowOf(value), highOf(value))
        : (writer, value: Exact) => writer.fixed64(lowOf(value), highOf(value)),
    read(reader) {
      if (wireType === 0) reader.varint();
      else reader.fixed64();
      return combine(reader.low, reader.high);
    },
  };
}

const sint64: WireValue = {
  ...integer64('sint64', signed, 0, zigzag64),
  write(writer, value: Exact) {
    const exact = BigInt(value);
    const zigzag = BigInt.asUintN(64, (exact << 1n) ^ (exact >> 63n));
    writer.uint64(lowOf(zigzag), highOf(zigzag));
  },
};

function floating(name: 'float' | 'double', wire: Wire<number>): WireValue {
  return {
    ...wire,
    defaultValue: () => 0,
    convert(value) {
      const number = typeof value === 'number' ? value : floatFrom(value);
      if (number === undefined) misfit(name);
      // A finite number beyond a float would be written as infinity.
      if (name === 'double') return number;
      const nearest = Math.fround(number);
      return Number.isFinite(number) && !Number.isFinite(nearest) ? misfit(name) : nearest;
    },
    // Minus zero is not the default, as in Java.
    isDefault: (value) => Object.is(value, 0),
  };
}

function floatFrom(value: unknown): number | undefined {
  if (typeof value === 'bigint') {
    const nearest = Number(value);
    return Number.isFinite(nearest) && BigInt(nearest) === value ? nearest : undefined;
  }
  // As in the Protobuf JSON mapping.
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return undefined;
  return Number.isFinite(Number(value)) ? Number(value) : undefined;
}

const bool: WireValue = {
  wireType: 0,
  defaultValue: () => false,
  convert: (value) => (typeof value === 'boolean' ? value : misfit('bool')),
  isDefault: (value) => value === false,
  write: (writer, value: boolean) => writer.uint32(value ? 1 : 0),
  read: (reader) => reader.varint() !== 0 || reader.high !== 0,
};

function text(checksUtf8: boolean): WireValue {
  return {
    wireType: 2,
    defaultValue: () => '',
    convert(value) {
      if (typeof value !== 'string') return misfit('string');
      // A lone surrogate cannot be encoded in UTF-8.
      return value.isWellFormed() ? value : misfit('string without lone surrogates');
    },
    isDefault: (value) => value === '',
    write: (writer, value: string) => writer.text(value),
    // proto3 requires UTF-8; in proto2 Java replaces invalid bytes.
    read: (reader) => reader.text(checksUtf8),
  };
}

// One character class: repeating a group of four overflows the stack on long strings.
const base64 = /^[\w+/-]*={0,2}$/;

function isBase64(text: string): boolean {
  if (!base64.test(text)) return false;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const rest = (text.length - padding) % 4;
  // Buffer ignores a single digit at the end. Padding is optional, as in Java.
  return rest === 0 ? padding === 0 : rest !== 1 && padding <= 4 - rest;
}

const bytes: WireValue = {
  wireType: 2,
  defaultValue: () => Buffer.alloc(0),
  convert(value) {
    if (value instanceof Uint8Array) return value;
    const isText = typeof value === 'string' && isBase64(value);
    return isText ? Buffer.from(value, 'base64') : misfit('bytes');
  },
  isDefault: (value) => (value as Uint8Array).length === 0,
  write: (writer, value: Uint8Array) => writer.bytes(value),
  // Copied: a view would keep the whole fetch response in memory.
  read: (reader) => Buffer.from(reader.slice()),
};

const signed32 = [-(2 ** 31), 2 ** 31 - 1] as const;
const unsigned32 = [0, 2 ** 32 - 1] as const;

const scalars = {
  int32: integer32('int32', signed32, {
    wireType: 0,
    write: (writer, value) => writer.uint64(value >>> 0, value < 0 ? 0xffffffff : 0),
    read: (reader) => reader.varint() | 0,
  }),
  uint32: integer32('uint32', unsigned32, {
    wireType: 0,
    write: (writer, value) => writer.uint32(value),
    read: (reader) => reader.varint(),
  }),
  sint32: integer32('sint32', signed32, {
    wireType: 0,
    write: (writer, value) => writer.uint32(((value << 1) ^ (value >> 31)) >>> 0),
    read(reader) {
      const zigzag = reader.varint();
      return (zigzag >>> 1) ^ -(zigzag & 1);
    },
  }),
  fixed32: integer32('fixed32', unsigned32, {
    wireType: 5,
    write: (writer, value) => writer.fixed32(value),
    read: (reader) => reader.fixed32(),
  }),
  sfixed32: integer32('sfixed32', signed32, {
    wireType: 5,
    write: (writer, value) => writer.fixed32(value),
    read: (reader) => reader.fixed32() | 0,
  }),
  int64: integer64('int64', signed, 0, signed64),
  uint64: integer64('uint64', unsigned, 0, unsigned64),
  sint64,
  fixed64: integer64('fixed64', unsigned, 1, unsigned64),
  sfixed64: integer64('sfixed64', signed, 1, signed64),
  float: floating('float', {
    wireType: 5,
    write: (writer, value) => writer.float(value),
    read: (reader) => reader.float(),
  }),
  double: floating('double', {
    wireType: 1,
    write: (writer, value) => writer.double(value),
    read: (reader) => reader.double(),
  }),
  bool,
  bytes,
};

/** The types of fields other than messages and enums. */
export type ScalarType = keyof typeof scalars | 'string';

/** @param checksUtf8 whether a string must be valid UTF-8 */
export function scalarOnWire(scalar: ScalarType, checksUtf8: boolean): WireValue {
  return scalar === 'string' ? text(checksUtf8) : scalars[scalar];
}
