import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { MisfitError } from './value-path.ts';

/** A decimal number: `digits` × 10^`exponent`. The digits neither begin nor end with a zero. Zero has no digits, and exponent 0. */
interface Decimal {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const maxDigits = 38;
const minMagnitude = -130;
const maxMagnitude = 125;

/** @param text a number in JavaScript's or JSON's form: `-12.50`, `1e+21` */
export function decimalOf(text: string): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const leading = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = leading.replace(/0+$/, '');
  if (digits === '') return { isNegative: false, digits, exponent: 0 };
  const exponent = Number(power) - fraction.length + leading.length - digits.length;
  return { isNegative: sign === '-', digits, exponent };
}

/** Why DynamoDB has no such number; `undefined` if it has. */
export function numberProblem({ digits, exponent }: Decimal): string | undefined {
  const magnitude = digits.length - 1 + exponent;
  if (magnitude < minMagnitude || magnitude > maxMagnitude)
    return 'expected 0 or a number from 1e-130 up to 1e126, positive or negative';
  return digits.length > maxDigits
    ? `expected at most ${maxDigits} significant digits, got ${digits.length}`
    : undefined;
}

/**
 * The bytes that count towards the item's size, as measured at DynamoDB: two digits a byte, the digits before and after the point
 * apart, one byte more, and one for the sign. The developer guide only approximates this.
 */
export function numberBytes({ isNegative, digits, exponent }: Decimal): number {
  const whole = Math.min(digits.length, Math.max(0, digits.length + exponent));
  const fraction = digits.length - whole;
  return 1 + Math.ceil(whole / 2) + Math.ceil(fraction / 2) + (isNegative ? 1 : 0);
}

/** Equal for equal numbers, however they are written: DynamoDB takes `1.0` and `1` for the same key. */
export function canonicalNumber({ isNegative, digits, exponent }: Decimal): string {
  return digits === '' ? '0' : `${isNegative ? '-' : ''}${digits}e${exponent}`;
}

/**
 * @param text as for `decimalOf`
 * @throws MisfitError DynamoDB has no such number
 */
export function exactNumber(text: string): AttributeValue {
  const decimal = decimalOf(text);
  const problem = numberProblem(decimal);
  if (problem !== undefined) throw new MisfitError(problem);
  // DynamoDB checks the range of a zero by the exponent that it is written with.
  return { N: decimal.digits === '' ? '0' : text };
}
