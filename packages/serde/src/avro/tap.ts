import { damaged } from './damage.ts';

/**
 * The cursor that avsc passes from type to type. Past the end of `buf` it continues to count instead of
 * throwing; the caller compares `pos` with the length. It is not part of avsc's documented API: avsc's
 * version is pinned exactly.
 */
export interface Tap {
  buf: Buffer & { utf8Slice(start: number, end: number): string };
  pos: number;
  readLong(): number;
  writeLong(value: number): void;
  writeInt(value: number): void;
  writeFloat(value: number): void;
  writeString(value: string): void;
  writeBinary(value: string, length: number): void;
}

const chunk = 2 ** 28;

/**
 * A zig-zag varint of up to 64 bits: a number while it is a safe integer, else a bigint.
 * avsc's own reader uses doubles and silently makes values below -2^52 positive.
 */
export function readLong(tap: Tap): number | bigint {
  const buf = tap.buf;
  let pos = tap.pos;
  let byte = buf[pos++] as number;
  let low = byte & 0x7f;
  for (let shift = 7; byte > 0x7f; shift += 7) {
    if (shift === 28) {
      tap.pos = pos;
      return readLongTail(tap, low);
    }
    byte = buf[pos++] as number;
    low |= (byte & 0x7f) << shift;
  }
  tap.pos = pos;
  return (low >>> 1) ^ -(low & 1);
}

// Reads the bits after the first 28: 28 more, then the last 8 of a 64-bit number.
function readLongTail(tap: Tap, low: number): number | bigint {
  const buf = tap.buf;
  let byte = 0x80;
  let middle = 0;
  for (let shift = 0; byte > 0x7f && shift < 28; shift += 7) {
    byte = buf[tap.pos++] as number;
    middle |= (byte & 0x7f) << shift;
  }
  let high = 0;
  for (let shift = 0; byte > 0x7f; shift += 7) {
    if (shift === 14) damaged();
    byte = buf[tap.pos++] as number;
    high |= (byte & 0x7f) << shift;
  }
  if (high > 0xff) damaged();

  if (high === 0 && middle < 2 ** 26) {
    const magnitude = middle * (chunk / 2) + (low >>> 1);
    const value = low & 1 ? -magnitude - 1 : magnitude;
    return Number.isSafeInteger(value) ? value : BigInt(value);
  }
  const zigzag = BigInt(high) * 2n ** 56n + BigInt(middle) * 2n ** 28n + BigInt(low);
  return (zigzag >> 1n) ^ -(zigzag & 1n);
}

/** A length or a count: not negative, exact. */
export function readSize(tap: Tap): number {
  const size = readLong(tap);
  if (typeof size !== 'number' || size < 0) damaged();
  return size;
}

/** The number of items in the next block of an array or map; 0 ends it. */
export function readBlockCount(tap: Tap): number {
  const count = readLong(tap);
  if (typeof count !== 'number') damaged();
  if (count >= 0) return count;
  readSize(tap); // A negative count is followed by the block's size in bytes, for readers that skip it.
  return -count;
}

/** Writes a safe integer. */
export function writeLong(tap: Tap, value: number): void {
  const buf = tap.buf;
  let pos = tap.pos;
  const sign = value < 0 ? 1 : 0;
  let rest = sign ? -(value + 1) : value;
  let byte = ((rest & 0x3f) << 1) | sign;
  // A double represents the magnitude exactly, but not always twice the magnitude: hence 6 bits first.
  rest = rest > 0x7fffffff ? Math.floor(rest / 64) : rest >> 6;
  while (rest > 0x7fffffff) {
    buf[pos++] = byte | 0x80;
    byte = rest & 0x7f;
    rest = Math.floor(rest / 128);
  }
  while (rest > 0) {
    buf[pos++] = byte | 0x80;
    byte = rest & 0x7f;
    rest >>= 7;
  }
  buf[pos++] = byte;
  tap.pos = pos;
}

/** Writes any 64-bit integer. */
export function writeBigLong(tap: Tap, value: bigint): void {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  while (rest > 0x7fn) {
    tap.buf[tap.pos++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  tap.buf[tap.pos++] = Number(rest);
}
