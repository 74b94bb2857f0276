import { damaged } from './damage.ts';

/** Two's complement, most significant byte first. */
export function unscaledOf(bytes: Buffer): bigint {
  if (bytes.length === 0) damaged();
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

/** The fewest bytes that include the sign, or the size of the fixed, as java.math.BigInteger writes them. */
export function bytesOf(unscaled: bigint, size: number | undefined): Buffer {
  let length = size ?? 1;
  while (BigInt.asIntN(length * 8, unscaled) !== unscaled) length++;
  const hex = BigInt.asUintN(length * 8, unscaled).toString(16);
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}

/** As text with `scale` digits after the point. */
export function withPoint(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
