/** Converts 64-bit integers between two 32-bit halves and JavaScript: a number if safe, else a bigint. */

const half = 2 ** 32;

export function signed64(low: number, high: number): number | bigint {
  return unsigned64(low, high | 0);
}

export function unsigned64(low: number, high: number): number | bigint {
  const value = high * half + low;
  if (Number.isSafeInteger(value)) return value;
  return (BigInt(high) << 32n) | BigInt(low);
}

export function zigzag64(low: number, high: number): number | bigint {
  const sign = -(low & 1);
  return signed64((((low >>> 1) | (high << 31)) ^ sign) >>> 0, ((high >>> 1) ^ sign) >>> 0);
}

/** The lower half of the two's complement, unsigned. */
export function lowOf(value: number | bigint): number {
  if (typeof value === 'bigint') return Number(BigInt.asUintN(32, value));
  // The remainder keeps the sign; >>> converts it to the two's complement.
  return (value % half) >>> 0;
}

export function highOf(value: number | bigint): number {
  if (typeof value === 'bigint') return Number(BigInt.asUintN(32, value >> 32n));
  return Math.floor(value / half) >>> 0;
}

const integerText = /^-?\d{1,25}$/;
const otherText = /^([+-]?)(\d{1,25})(?:\.(\d{0,25}))?(?:[eE]([+-]?\d{1,2}))?$/;

/**
 * The integer of a value: a number, a bigint, or a string of the Protobuf JSON mapping (`1`, `1.0`, `1e2`).
 * `undefined` if the value is not an integer between `min` and `max`.
 */
export function integerOf(
  value: unknown,
  min: number | bigint,
  max: number | bigint,
): number | bigint | undefined {
  let integer: number | bigint;
  if (typeof value === 'number' || typeof value === 'bigint') integer = value;
  else if (typeof value === 'string') {
    const exact = integerText.test(value) ? BigInt(value) : integerFrom(value);
    if (exact === undefined) return undefined;
    integer = exact;
  } else return undefined;
  if (typeof integer === 'number' && !Number.isSafeInteger(integer)) return undefined;
  return integer >= min && integer <= max ? integer : undefined;
}

/** Reads a sign, a fraction and an exponent as Java's parser does. Never rounds. */
function integerFrom(text: string): bigint | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = otherText.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = BigInt(`${whole}${fraction}`);
  const power = Number(exponent) - fraction.length;
  const divisor = power < 0 ? 10n ** BigInt(-power) : 1n;
  if (digits % divisor !== 0n) return undefined;
  const integer = power < 0 ? digits / divisor : digits * 10n ** BigInt(power);
  return sign === '-' ? -integer : integer;
}
