export type Shadows = ReturnType<typeof createShadows>;

/**
 * ajv supports numbers but not bigints. It checks a shadow, a copy in which every bigint is the nearest number,
 * and the keywords that must be exact look up the object or array that was copied.
 */
export function createShadows() {
  const originals = new WeakMap<object, object>();

  function shadowOf(value: unknown): unknown {
    if (typeof value === 'bigint') return nearestFinite(value);
    if (typeof value !== 'object' || value === null) return value;
    const shadow = Array.isArray(value)
      ? value.map(shadowOf)
      : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shadowOf(member)]));
    originals.set(shadow, value);
    return shadow;
  }

  return { shadowOf, originalOf: (shadow: object) => originals.get(shadow) };
}

/** Finite and an integer: ajv itself checks no more. */
function nearestFinite(value: bigint): number {
  const nearest = Number(value);
  if (Number.isFinite(nearest)) return nearest;
  return value < 0n ? -Number.MAX_VALUE : Number.MAX_VALUE;
}

/** Equal exactly for values that JSON Schema holds equal: members in any order, 1 and 1n, 0 and -0. */
export function equalityKey(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') {
    return Number.isInteger(value) ? BigInt(value).toString() : String(value);
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(equalityKey).join()}]`;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${equalityKey(member)}`).join()}}`;
}

/** Uses decimal arithmetic, as Java does: 19.99 is a multiple of 0.01. */
export function isMultiple(value: number | bigint, of: number | bigint): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(of)) {
    return of === 0 ? false : (value as number) % (of as number) === 0;
  }
  const dividend = decimal(value);
  const divisor = decimal(of);
  if (divisor.digits === 0n) return false;
  const exponent = Math.min(dividend.exponent, divisor.exponent);
  const scaled = ({ digits, exponent: own }: Decimal) => digits * 10n ** BigInt(own - exponent);
  return scaled(dividend) % scaled(divisor) === 0n;
}

interface Decimal {
  digits: bigint;
  exponent: number;
}

function decimal(value: number | bigint): Decimal {
  const [, sign, whole, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  return {
    digits: BigInt(`${sign}${whole}${fraction}`),
    exponent: Number(exponent) - fraction.length,
  };
}
