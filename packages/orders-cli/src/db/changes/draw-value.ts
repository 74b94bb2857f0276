import type { SeededRandom } from '../../seeded-random.ts';
import type { SqlText } from '../connection/database.ts';
import type { ColumnType, TableColumn } from './column-type.ts';

/** A value that the column accepts, as text. One of six is NULL where NULL is allowed. */
export function drawColumn(random: SeededRandom, { type, isNullable }: TableColumn): SqlText {
  if (isNullable && random.integer(0, 5) === 0) return null;
  return drawValue(random, type);
}

function drawValue(random: SeededRandom, type: ColumnType): SqlText {
  switch (type.kind) {
    case 'integer':
      return String(drawInteger(random, type.min, type.max));
    case 'decimal': {
      const scale = type.scale ?? random.integer(0, type.digits);
      return decimalText(random, type.digits, scale);
    }
    case 'text':
      return [...drawText(random)].slice(0, type.maxLength).join('').trimEnd();
    case 'enum':
      return pick(random, type.labels);
    case 'boolean':
      return random.integer(0, 1) === 1 ? 'true' : 'false';
    case 'json':
      return drawJson(random);
    case 'uuid':
      return hexadecimal(random).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    case 'date':
      return timestamp(random, 1900, 2099).slice(0, 10);
    case 'time':
      return timestamp(random, 2000, 2000).slice(11);
    case 'timestamp':
      // MySQL's TIMESTAMP ends in January 2038.
      return timestamp(random, 1971, 2037);
    case 'other':
      return null;
  }
}

/** Small numbers, numbers of every size, and the bounds. `min` is at most 0. */
function drawInteger(random: SeededRandom, min: bigint, max: bigint): bigint {
  const drawn = (BigInt(random.uint32()) << 32n) | BigInt(random.uint32());
  const within = min + (drawn % (max - min + 1n));
  const small = drawn % 1000n;
  return pick(random, [small > max ? max : small, within, within, pick(random, [min, max])]);
}

function decimalText(random: SeededRandom, maxDigits: number, scale: number): string {
  const length = random.integer(1, maxDigits);
  const digits = Array.from({ length }, () => random.integer(0, 9)).join('');
  const padded = digits.padStart(scale + 1, '0');
  const whole = padded.slice(0, padded.length - scale).replace(/^0+(?=\d)/, '');
  const fraction = scale === 0 ? '' : `.${padded.slice(-scale)}`;
  const isNegative = random.integer(0, 3) === 0 && /[1-9]/.test(digits);
  return `${isNegative ? '-' : ''}${whole}${fraction}`;
}

const words = [
  ...['scooter', 'helmet', "it's", 'a "quoted" word', 'back\\slash', '100 %', 'tab\there'],
  ...['Zoë', 'Ωmega', '東京', '☕', '🚲', 'line\nbreak', '?', '$1', '{}'],
];

function drawText(random: SeededRandom): string {
  const length = random.integer(0, 6);
  return Array.from({ length }, () => pick(random, words)).join(' ');
}

function drawJson(random: SeededRandom): string {
  const value = { text: drawText(random), count: random.uint32(), list: [true, null, 0.5] };
  return JSON.stringify(pick(random, [value, [value], value.text, {}]));
}

const hexadecimal = (random: SeededRandom): string =>
  Array.from({ length: 4 }, () => random.uint32().toString(16).padStart(8, '0')).join('');

/** `2026-02-01 12:00:00.000001`, in one of the years, both included. */
function timestamp(random: SeededRandom, firstYear: number, lastYear: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const date = [
    random.integer(firstYear, lastYear),
    two(random.integer(1, 12)),
    two(random.integer(1, 28)),
  ];
  const time = [random.integer(0, 23), random.integer(0, 59), random.integer(0, 59)].map(two);
  const microseconds = String(random.integer(0, 999_999)).padStart(6, '0');
  return `${date.join('-')} ${time.join(':')}.${microseconds}`;
}

function pick<T>(random: SeededRandom, values: readonly T[]): T {
  return values[random.integer(0, values.length - 1)] as T;
}
