/**
 * Kafka's variable-length integers: zigzag, then seven bits a byte, the lowest first, the high bit set on all bytes
 * but the last (https://kafka.apache.org/protocol.html#protocol_types).
 */

const zigzag = (value: number) => (value << 1) ^ (value >> 31);
const isInt32 = (value: number | bigint): value is number => value === (Number(value) | 0);

/** Bytes that `writeVarint` takes for a signed 32-bit integer. */
export function sizeOfVarint(value: number): number {
  // Seven bits a byte; zero takes one byte as well.
  return ((38 - Math.clz32(zigzag(value) | 1)) / 7) | 0;
}

/** Writes a signed 32-bit integer and returns the position after it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = zigzag(value);
  let pos = at;
  for (; (rest & ~0x7f) !== 0; rest >>>= 7) bytes[pos++] = (rest & 0x7f) | 0x80;
  bytes[pos++] = rest;
  return pos;
}

/** Bytes that `writeVarlong` takes for a signed 64-bit integer. */
export function sizeOfVarlong(value: number | bigint): number {
  if (isInt32(value)) return sizeOfVarint(value);
  let size = 1;
  for (let rest = zigzag64(value) >> 7n; rest !== 0n; rest >>= 7n) size += 1;
  return size;
}

/** Writes a signed 64-bit integer and returns the position after it. */
export function writeVarlong(bytes: Uint8Array, at: number, value: number | bigint): number {
  if (isInt32(value)) return writeVarint(bytes, at, value);
  let rest = zigzag64(value);
  let pos = at;
  for (; rest > 0x7fn; rest >>= 7n) bytes[pos++] = Number(rest & 0x7fn) | 0x80;
  bytes[pos++] = Number(rest);
  return pos;
}

function zigzag64(value: number | bigint): bigint {
  const exact = BigInt(value);
  return BigInt.asUintN(64, (exact << 1n) ^ (exact >> 63n));
}
