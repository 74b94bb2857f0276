/** A position in bytes that are read up to `end`. */
export interface Cursor {
  readonly bytes: Buffer;
  pos: number;
  end: number;
}

/** Reads a signed 32-bit integer. */
export function readVarint(cursor: Cursor): number {
  let pos = cursor.pos;
  let byte = cursor.bytes[pos++] as number;
  let value = byte & 0x7f;
  for (let shift = 7; byte > 0x7f; shift += 7) {
    if (shift > 28) throw new RangeError('expected a varint of at most 5 bytes');
    byte = cursor.bytes[pos++] as number;
    value |= (byte & 0x7f) << shift;
  }
  moveTo(cursor, pos);
  return (value >>> 1) ^ -(value & 1);
}

/** Reads a signed 64-bit integer; up to four bytes are a number. */
export function readVarlong(cursor: Cursor): number | bigint {
  let value = 0;
  for (let length = 0; length < 4; length += 1) {
    const byte = cursor.bytes[cursor.pos + length] as number;
    value |= (byte & 0x7f) << (7 * length);
    if (byte <= 0x7f) {
      moveTo(cursor, cursor.pos + length + 1);
      return (value >>> 1) ^ -(value & 1);
    }
  }
  return readLongVarlong(cursor);
}

function readLongVarlong(cursor: Cursor): bigint {
  let value = 0n;
  let pos = cursor.pos;
  for (let shift = 0n; ; shift += 7n) {
    if (shift > 63n) throw new RangeError('expected a varlong of at most 10 bytes');
    const byte = cursor.bytes[pos++] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte <= 0x7f) break;
  }
  moveTo(cursor, pos);
  return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
}

/** Reads a length and its bytes, which share memory with the cursor's. A negative length is null. */
export function readBytes(cursor: Cursor): Buffer | null {
  const length = readVarint(cursor);
  if (length < 0) return null;
  const start = cursor.pos;
  moveTo(cursor, start + length);
  return cursor.bytes.subarray(start, cursor.pos);
}

/** Skips a length and its bytes. */
export function skipBytes(cursor: Cursor): void {
  const length = readVarint(cursor);
  if (length > 0) moveTo(cursor, cursor.pos + length);
}

/** Moves forward, for example over bytes that are read elsewhere. */
export function moveTo(cursor: Cursor, pos: number): void {
  if (pos > cursor.end) throw new RangeError('expected more bytes, got the end of the record');
  cursor.pos = pos;
}
