import { highOf, integerOf, lowOf, signed64, unsigned64, zigzag64 } from './integers.ts';
import { Misfit } from './misfit.ts';
import type { ScalarType } from './proto-file.ts';
import type { WireReader } from './wire-reader.ts';
import type { WireWriter } from './wire-writer.ts';

/** How one type of value is on the wire. */
export interface WireValue {
  /** 0 varint, 1 eight bytes, 2 with a length, 5 four bytes. */
  readonly wireType: 0 | 1 | 2 | 5;
  /** What an absent field of implicit presence is. A function, where a fresh one is due each time. */
  defaultValue(): unknown;
  /** The value in the form that `write` takes. Throws Misfit. */
  convert(value: unknown): unknown;
  isDefault(converted: unknown): boolean;
  write(writer: WireWriter, converted: never): void;
  read(reader: WireReader): unknown;
}

type Exact = number | bigint;

function integer32(
  name: ScalarType,
  min: number,
  max: number,
  wireType: 0 | 5,
  write: (writer: WireWriter, value: number) => void,
  read: (reader: WireReader) => number,
): WireValue {
  return {
    wireType,
    defaultValue: () => 0,
    convert: (value) => Number(integerOf(value, min, max) ?? misfit(name)),
    isDefault: (value) => value === 0,
    write,
    read,
  };
}

const signed = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const unsigned = [0n, 2n ** 64n - 1n] as const;

function integer64(
  name: ScalarType,
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

function floating(
  name: 'float' | 'double',
  wireType: 1 | 5,
  write: (writer: WireWriter, value: number) => void,
  read: (reader: WireReader) => number,
): WireValue {
  return {
    wireType,
    defaultValue: () => 0,
    convert(value) {
      const number = typeof value === 'number' ? value : floatFrom(value);
      if (number === undefined) misfit(name);
      // A finite number that a float has no room for would be written as infinity.
      if (name === 'double') return number;
      const nearest = Math.fround(number);
      return Number.isFinite(number) && !Number.isFinite(nearest) ? misfit(name) : nearest;
    },
    // Minus zero is another value, as it is for Java.
    isDefault: (value) => Object.is(value, 0),
    write,
    read,
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
      // A lone surrogate has no UTF-8.
      return value.isWellFormed() ? value : misfit('string of whole characters');
    },
    isDefault: (value) => value === '',
    write: (writer, value: string) => writer.text(value),
    // proto3 demands UTF-8; Java reads a proto2 string with replacement characters.
    read: (reader) => reader.text(checksUtf8),
  };
}

// One class of characters: a group of four repeated would fill the stack of a long text.
const base64 = /^[\w+/-]*={0,2}$/;

function isBase64(text: string): boolean {
  if (!base64.test(text)) return false;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const rest = (text.length - padding) % 4;
  // Of a single digit at the end Buffer would make nothing. Padding may be left out, as in Java.
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
  // A copy: a view would keep the whole fetch alive that the record came with.
  read: (reader) => Buffer.from(reader.slice()),
};

const min32 = -(2 ** 31);
const max32 = 2 ** 31 - 1;
const maxU32 = 2 ** 32 - 1;
const writeInt32 = (writer: WireWriter, value: number) =>
  writer.uint64(value >>> 0, value < 0 ? maxU32 : 0);

const scalars: Record<ScalarType, (checksUtf8: boolean) => WireValue> = {
  int32: () => int32,
  uint32: () =>
    integer32(
      'uint32',
      0,
      maxU32,
      0,
      (w, v) => w.uint32(v),
      (r) => r.varint(),
    ),
  sint32: () =>
    integer32(
      'sint32',
      min32,
      max32,
      0,
      (w, v) => w.uint32(((v << 1) ^ (v >> 31)) >>> 0),
      (r) => {
        const zigzag = r.varint();
        return (zigzag >>> 1) ^ -(zigzag & 1);
      },
    ),
  fixed32: () =>
    integer32(
      'fixed32',
      0,
      maxU32,
      5,
      (w, v) => w.fixed32(v),
      (r) => r.fixed32(),
    ),
  sfixed32: () =>
    integer32(
      'sfixed32',
      min32,
      max32,
      5,
      (w, v) => w.fixed32(v),
      (r) => r.fixed32() | 0,
    ),
  int64: () => integer64('int64', signed, 0, signed64),
  uint64: () => integer64('uint64', unsigned, 0, unsigned64),
  sint64: () => sint64,
  fixed64: () => integer64('fixed64', unsigned, 1, unsigned64),
  sfixed64: () => integer64('sfixed64', signed, 1, signed64),
  float: () =>
    floating(
      'float',
      5,
      (w, v) => w.float(v),
      (r) => r.float(),
    ),
  double: () =>
    floating(
      'double',
      1,
      (w, v) => w.double(v),
      (r) => r.double(),
    ),
  bool: () => bool,
  string: text,
  bytes: () => bytes,
};

const int32 = integer32('int32', min32, max32, 0, writeInt32, (r) => r.varint() | 0);

/** @param checksUtf8 whether bytes that are no UTF-8 are refused in a string */
export function scalarOnWire(scalar: ScalarType, checksUtf8: boolean): WireValue {
  return scalars[scalar](checksUtf8);
}

function misfit(expected: string): never {
  throw new Misfit(expected);
}
