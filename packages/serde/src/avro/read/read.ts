import { damaged, truncated } from '../damage.ts';
import type { PrimitiveType } from '../schema/model.ts';
import { readLong, readSize, type Tap } from '../tap.ts';
import { readText } from '../text.ts';

/** Reads one value at the cursor and moves the cursor. May move past the end; the caller compares `pos` with the length. */
export type Read = (tap: Tap) => unknown;

export const primitiveReads: Record<PrimitiveType, Read> = {
  null: () => null,
  boolean: readBoolean,
  int: readInt,
  long: readLong,
  float: readFloat,
  double: readDouble,
  bytes: (tap) => readBytes(tap, readSize(tap)),
  string: readText,
};

/** Moves the cursor past that many bytes, which must exist. Returns where they begin. */
export function advance(tap: Tap, bytes: number): number {
  const start = tap.pos;
  tap.pos = start + bytes;
  if (tap.pos > tap.buf.length) truncated();
  return start;
}

function readBoolean(tap: Tap): boolean {
  const byte = tap.buf[tap.pos++] as number;
  if (byte > 1) damaged();
  return byte === 1;
}

export function readInt(tap: Tap): number {
  const value = readLong(tap);
  if (value !== Number(value) || value !== (value | 0)) damaged();
  return value;
}

export function readFloat(tap: Tap): number {
  const at = advance(tap, 4);
  return tap.buf.readFloatLE(at);
}

function readDouble(tap: Tap): number {
  const at = advance(tap, 8);
  return tap.buf.readDoubleLE(at);
}

/** A copy: a value that is kept must not keep a whole fetch response alive. */
export function readBytes(tap: Tap, size: number): Buffer {
  const at = advance(tap, size);
  return Buffer.from(tap.buf.subarray(at, tap.pos));
}

/** Throws if the remaining bytes cannot contain so many items of at least one byte. */
export function holdsItems(tap: Tap, count: number): void {
  if (count > tap.buf.length - tap.pos) truncated();
}
