import fc, { type GeneratorValue } from 'fast-check';
import { anyCharacter } from './any-character.ts';
import type { AvroType, Logical } from './avro-type.ts';
import type { Datum } from './datum.ts';
import { pick } from './draw-schema.ts';
import { logicalOf, unionOf } from './read-avro-json.ts';

export interface DatumOptions {
  /** For values that Java's JSON reader must read, which does not support NaN. */
  noNaN: boolean;
  /** The only values of floats and doubles. */
  floats?: readonly number[];
}

const maxDepth = 6;

/** Any value of the type. */
export function drawDatum(
  g: GeneratorValue,
  type: AvroType,
  options: DatumOptions,
  depth = 0,
): Datum {
  const inside = (part: AvroType) => drawDatum(g, part, options, depth + 1);
  const count = () => (depth < maxDepth ? g(fc.integer, { min: 0, max: 3 }) : 0);
  switch (type.type) {
    case 'null':
      return { type: 'null' };
    case 'boolean':
      return { type: 'boolean', value: g(fc.boolean) };
    case 'int':
      return { type: 'int', value: drawInteger(g, 32n, type.logical), ...logicalOf(type) };
    case 'long':
      return { type: 'long', value: drawInteger(g, 64n, type.logical), ...logicalOf(type) };
    case 'float':
    case 'double': {
      const { noNaN, floats } = options;
      const any = type.type === 'float' ? fc.float : fc.double;
      return { type: type.type, value: floats ? pick(g, floats) : g(any, { noNaN }) };
    }
    case 'string':
      return { type: 'string', value: drawString(g, type.logical), ...logicalOf(type) };
    case 'bytes':
      return { type: 'bytes', value: drawBytes(g, type.logical), ...logicalOf(type) };
    case 'fixed':
      return { type: 'fixed', value: drawFixed(g, type.size, type.logical), ...logicalOf(type) };
    case 'enum':
      return { type: 'enum', value: g(fc.constantFrom, ...type.symbols) };
    case 'array':
      return { type: 'array', items: Array.from({ length: count() }, () => inside(type.items)) };
    case 'map': {
      // Made from an object, because JavaScript objects put integer-like keys first.
      const entries = Array.from({ length: count() }, () => [drawString(g), inside(type.values)]);
      return { type: 'map', entries: new Map(Object.entries(Object.fromEntries(entries))) };
    }
    case 'record':
      return {
        type: 'record',
        fields: type.fields.map((field) => [field.name, inside(field.type)]),
      };
    case 'union': {
      const ending = type.branches.find((branch) => branch.type === 'null');
      // Drawn by index, because fast-check compares arguments, and a recursive type never ends.
      const drawn = type.branches[g(fc.nat, type.branches.length - 1)] as AvroType;
      const branch = depth >= maxDepth && ending !== undefined ? ending : drawn;
      return unionOf(type.branches, branch, inside(branch));
    }
  }
}

const dayMs = 86_400_000n;
// Moments from 1653 to 2286, in milliseconds.
const usualMs = 10n ** 13n;

function drawInteger(g: GeneratorValue, bits: bigint, logical: Logical | undefined): bigint {
  const max = 2n ** (bits - 1n) - 1n;
  const between = (low: bigint, high: bigint) => g(fc.bigInt, { min: low, max: high });
  switch (logical?.name) {
    case 'time-millis':
      return between(0n, dayMs - 1n);
    case 'time-micros':
      return between(0n, dayMs * 1_000n - 1n);
    case 'date':
      if (g(fc.integer, { min: 0, max: 9 }) > 0) return between(-100_000n, 100_000n);
      break;
    case 'timestamp-millis':
    case 'local-timestamp-millis':
      if (g(fc.integer, { min: 0, max: 9 }) > 0) return between(-usualMs, usualMs);
      break;
    case 'timestamp-micros':
    case 'local-timestamp-micros':
      if (g(fc.integer, { min: 0, max: 9 }) > 0)
        return between(-usualMs * 1_000n, usualMs * 1_000n);
      break;
  }
  const edges = [0n, 63n, 64n, -64n, -65n, max, -max - 1n];
  if (bits === 64n) edges.push(2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n), 2n ** 53n + 1n);
  return g(fc.boolean) ? g(fc.constantFrom, ...edges) : between(-max - 1n, max);
}

const string = () =>
  fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: 'binary-ascii', maxLength: 140 }),
    fc.constantFrom('', '7', '42', '__proto__', 'constructor', '\u0000', '\u{1F600}', 'null'),
  );

function drawString(g: GeneratorValue, logical?: Logical): string {
  return logical?.name === 'uuid' ? g(fc.uuid) : g(string);
}

const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((content) => Buffer.from(content));

function drawBytes(g: GeneratorValue, logical: Logical | undefined): Buffer {
  if (logical?.name !== 'decimal') return g(bytes, 0, 100);
  const value = drawUnscaled(g, logical);
  const magnitude = value < 0n ? -value : value;
  // The number of bytes that the Python library writes: one more than needed for -2^(8n-1).
  const bits = magnitude === 0n ? 0 : magnitude.toString(2).length;
  return twosComplement(value, Math.floor((bits + 8) / 8));
}

function drawFixed(g: GeneratorValue, size: number, logical: Logical | undefined): Buffer {
  if (logical?.name !== 'decimal') return g(bytes, size, size);
  return twosComplement(drawUnscaled(g, logical), size);
}

function drawUnscaled(g: GeneratorValue, { precision }: Logical): bigint {
  const max = 10n ** BigInt(precision) - 1n;
  return g(fc.bigInt, { min: -max, max });
}

function twosComplement(value: bigint, size: number): Buffer {
  const digits = BigInt.asUintN(8 * size, value).toString(16);
  return Buffer.from(digits.padStart(2 * size, '0'), 'hex');
}
