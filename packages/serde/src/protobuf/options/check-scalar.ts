import type { ScalarType } from '../scalars.ts';
import type { OptionLiteral } from '../source/source-file.ts';

/** Where a value is written: as the value of an option, or inside a message in the text format, which allows more. */
export type Notation = 'option' | 'text';

const bits = (size: number): [bigint, bigint] => [
  -(1n << BigInt(size - 1)),
  (1n << BigInt(size - 1)) - 1n,
];
const unsignedBits = (size: number): [bigint, bigint] => [0n, (1n << BigInt(size)) - 1n];
const integers: Partial<Record<ScalarType, readonly [bigint, bigint]>> = {
  ...{ int32: bits(32), sint32: bits(32), sfixed32: bits(32) },
  ...{ int64: bits(64), sint64: bits(64), sfixed64: bits(64) },
  ...{ uint32: unsignedBits(32), fixed32: unsignedBits(32) },
  ...{ uint64: unsignedBits(64), fixed64: unsignedBits(64) },
};

/**
 * Compares a value with a scalar type. Returns the sentence that says what was expected, or undefined if the value is valid.
 */
export function scalarProblem(
  type: ScalarType,
  value: OptionLiteral,
  notation: Notation,
): string | undefined {
  const range = integers[type];
  if (range) {
    const [min, max] = range;
    const isValid =
      value.kind === 'integer' &&
      value.value >= min &&
      value.value <= max &&
      !(value.isNegative && min === 0n);
    return isValid ? undefined : `expected an integer from ${min} to ${max}`;
  }
  if (type === 'string' || type === 'bytes') {
    return value.kind === 'string' ? undefined : 'expected a string';
  }
  if (type === 'bool') {
    return isBoolean(value, notation) ? undefined : 'expected true or false';
  }
  return isNumber(value, notation) ? undefined : 'expected a number';
}

function isBoolean(value: OptionLiteral, notation: Notation): boolean {
  if (value.kind === 'identifier') {
    const words = notation === 'text' ? /^(?:[tT]rue|[fF]alse|t|f)$/ : /^(?:true|false)$/;
    return words.test(value.text);
  }
  return value.kind === 'integer' && notation === 'text' && /^[01]$/.test(String(value.value));
}

function isNumber(value: OptionLiteral, notation: Notation): boolean {
  if (value.kind === 'identifier') {
    const words = notation === 'text' ? /^(?:inf|infinity|nan)$/i : /^(?:inf|nan)$/;
    return words.test(value.text);
  }
  return value.kind === 'integer' || value.kind === 'float';
}
