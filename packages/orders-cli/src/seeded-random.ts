import { createHash } from 'node:crypto';

export type SeededRandom = ReturnType<typeof createSeededRandom>;

/**
 * Random numbers that depend on the seed alone, on every machine.
 *
 * xoshiro128** (Blackman and Vigna, 2018), its state taken from the SHA-256 of the seed.
 *
 * The state has 128 bits so that five generators with different seeds never produce the same numbers. With 32 bits they
 * would share one cycle, and therefore order ids.
 */
export function createSeededRandom(seed: string) {
  const digest = createHash('sha256').update(seed).digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let d = digest.readUInt32LE(12) || 1; // an all-zero state would stay zero

  /** A uniform 32-bit unsigned integer. */
  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };

  /** A uniform integer from `min` to `max`, both included; the range must have fewer than 2^32 integers. */
  const integer = (min: number, max: number): number => {
    const span = max - min + 1;
    const unbiasedBelow = 2 ** 32 - (2 ** 32 % span);
    let drawn = uint32();
    while (drawn >= unbiasedBelow) drawn = uint32();
    return min + (drawn % span);
  };

  return { uint32, integer };
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
