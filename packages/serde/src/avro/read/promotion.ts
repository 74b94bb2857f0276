import type { PrimitiveType } from '../schema/model.ts';
import { readLong, type Tap } from '../tap.ts';
import { primitiveReads, type Read } from './read.ts';

/** Reads the writer's type as the reader's wider type. The values are Java's to the last bit. */
export function promote(from: PrimitiveType, to: PrimitiveType): Read {
  // Both are UTF-8 bytes with a length.
  if (to === 'bytes' || to === 'string') return primitiveReads[to];
  const read = primitiveReads[from] as (tap: Tap) => number | bigint;
  if (to === 'float') return from === 'int' ? (tap) => Math.fround(Number(read(tap))) : longToFloat;
  if (to === 'double' && from !== 'float') return (tap) => Number(read(tap));
  return read;
}

// Through a double, the value would be rounded twice.
function longToFloat(tap: Tap): number {
  const value = readLong(tap);
  if (typeof value === 'number') return Math.fround(value);
  const magnitude = value < 0n ? -value : value;
  const lost = (magnitude & 0x7ffn) === 0n ? 0n : 1n;
  // 53 bits, the last of which represents all bits that were cut off: enough to round to the 24 bits of a float.
  const rounded = Math.fround(Number((magnitude >> 11n) | lost) * 2 ** 11);
  return value < 0n ? -rounded : rounded;
}
