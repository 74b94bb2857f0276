import { appliedLogicalType } from './applied-logical-type.ts';
import { damaged } from './damage.ts';
import { bytesOf, unscaledOf, withPoint } from './decimal.ts';
import { decimalAttributes } from './decimal-attributes.ts';
import type { AvroSchema, UnionSchema } from './schema/model.ts';

/** How logical types are represented in JavaScript; `underlying`, the default of each, is Avro's own number, text or bytes. */
export interface LogicalTypes {
  /** `date`: days since 1970, a `Date` at midnight UTC, or `'2026-11-21'`. */
  date?: 'underlying' | 'Date' | 'string';
  /** `time-millis`, `time-micros`: a number since midnight, or `'23:59:59.999'`. */
  time?: 'underlying' | 'string';
  /**
   * `timestamp-millis`, `-micros`, `-nanos`: a number (a bigint beyond 2^53) since 1970, always a bigint,
   * a `Date` (without what is finer than a millisecond), or `'2026-11-21T03:45:43.123Z'`; any offset is accepted.
   */
  timestamp?: 'underlying' | 'bigint' | 'Date' | 'string';
  /** `local-timestamp-…`: as `timestamp`, the text without a zone. */
  localTimestamp?: 'underlying' | 'bigint' | 'string';
  /** `decimal`: a Buffer, `'-12.30'` (a Buffer if the scale exceeds 10 000), or the unscaled integer as a bigint. */
  decimal?: 'underlying' | 'string' | 'bigint';
  /** `uuid` of a fixed: a Buffer, or its text. A `uuid` of a string is its text anyway. */
  uuid?: 'underlying' | 'string';
  /** `duration`: a Buffer, or `{ months, days, milliseconds }`. */
  duration?: 'underlying' | 'object';
}

/** The kinds of values that JavaScript can distinguish. */
export type ValueKind =
  | 'null'
  | 'boolean'
  | 'number'
  | 'text'
  | 'buffer'
  | 'array'
  | 'object'
  | 'date';

/** Converts between the underlying value and the value of the logical type. */
export interface Conversion {
  kind: ValueKind;
  /** @throws DamagedFrameError the logical type has no such value */
  decode(underlying: never): unknown;
  /** `undefined`: the value does not fit. */
  encode(value: unknown): unknown;
}

/** The conversion of a type; `undefined` where values stay underlying. */
export function conversionOf(
  schema: Exclude<AvroSchema, UnionSchema>,
  chosen: LogicalTypes,
): Conversion | undefined {
  const logicalType = appliedLogicalType(schema);
  switch (logicalType) {
    case undefined:
      return undefined;
    case 'date':
      return dates[chosen.date ?? 'underlying'];
    case 'time-millis':
      return chosen.time === 'string' ? timeText(3) : undefined;
    case 'time-micros':
      return chosen.time === 'string' ? timeText(6) : undefined;
    case 'decimal':
      return decimal(schema, chosen.decimal);
    case 'uuid':
      return schema.type === 'fixed' && chosen.uuid === 'string' ? uuid : undefined;
    case 'duration':
      return chosen.duration === 'object' ? duration : undefined;
  }
  const [, local, unit] = /^(local-)?timestamp-(.*)$/.exec(logicalType) ?? [];
  const digits = ({ millis: 3, micros: 6, nanos: 9 } as const)[unit as 'millis'];
  return local
    ? instant(chosen.localTimestamp, digits, '')
    : instant(chosen.timestamp, digits, 'Z');
}

/**
 * Prints the decimals of a type as digits, `-12.30`; `undefined` for a type that is not a valid decimal, or has a scale above
 * 10 000. Throws DamagedFrameError for a value without bytes, or one so long that converting it would block the process.
 */
export function decimalText(
  schema: Exclude<AvroSchema, UnionSchema>,
): ((bytes: Buffer) => string) | undefined {
  if (schema.properties.get('logicalType') !== 'decimal') return undefined;
  return conversionOf(schema, { decimal: 'string' })?.decode as (bytes: Buffer) => string;
}

const dayMs = 86_400_000;

const dates: Record<string, Conversion | undefined> = {
  Date: {
    kind: 'date',
    decode: (days: number) => dateOf(days * dayMs),
    encode: (value) => (value instanceof Date ? wholeDays(value.getTime()) : undefined),
  },
  string: {
    kind: 'text',
    decode: (days: number) =>
      dateOf(days * dayMs)
        .toISOString()
        .slice(0, -'T00:00:00.000Z'.length),
    encode: (value) => wholeDays(millisOf(`${value}T00:00:00`)),
  },
};

function wholeDays(ms: number): number | undefined {
  return Number.isInteger(ms / dayMs) ? ms / dayMs : undefined;
}

function dateOf(ms: number): Date {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? damaged() : date;
}

/** Epoch milliseconds of `2026-11-21T03:45:43` in UTC; NaN where the calendar or the clock has no such time. */
function millisOf(text: string): number {
  if (!/^(\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return NaN;
  const ms = Date.parse(`${text}Z`);
  // Date.parse takes the 31st of February for the 3rd of March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? ms : NaN;
}

/** A time is the text of an instant on the first day. */
function timeText(digits: 3 | 6): Conversion {
  const { decode, encode } = instantText(digits, '');
  return {
    kind: 'text',
    decode(time: number) {
      if (time < 0 || time >= 86_400 * 10 ** digits) damaged();
      return String(decode(time as never)).slice('1970-01-01T'.length);
    },
    encode: (value) => (typeof value === 'string' ? encode(`1970-01-01T${value}`) : undefined),
  };
}

/** The digits after the point as an integer of so many digits; `undefined` if further digits are not zero. */
function fractionOf(fraction: string, digits: number): number | undefined {
  return /[^0]/.test(fraction.slice(digits))
    ? undefined
    : Number(fraction.slice(0, digits).padEnd(digits, '0'));
}

function instant(
  chosen: LogicalTypes['timestamp'],
  digits: 3 | 6 | 9,
  zone: 'Z' | '',
): Conversion | undefined {
  const perMs = 10 ** (digits - 3);
  if (chosen === 'bigint') {
    return {
      kind: 'number',
      decode: (value: number | bigint) => BigInt(value),
      encode: (value) => (typeof value === 'bigint' ? value : undefined),
    };
  }
  if (chosen === 'Date') {
    return {
      kind: 'date',
      decode: (value: number | bigint) => dateOf(split(value, perMs).ms),
      encode: (value) => (value instanceof Date ? joined(value.getTime(), 0, perMs) : undefined),
    };
  }
  return chosen === 'string' ? instantText(digits, zone) : undefined;
}

function instantText(digits: 3 | 6 | 9, zone: 'Z' | ''): Conversion {
  const extra = digits - 3;
  const perMs = 10 ** extra;
  return {
    kind: 'text',
    decode(value: number | bigint) {
      const { ms, rest } = split(value, perMs);
      const text = dateOf(ms).toISOString().slice(0, -1);
      return `${text}${extra ? String(rest).padStart(extra, '0') : ''}${zone}`;
    },
    encode(value) {
      const parts = /^(.{19,22}?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/.exec(String(value));
      if (typeof value !== 'string' || !parts) return undefined;
      const [, seconds = '', fraction = '', offset = ''] = parts;
      const rest = fractionOf(fraction, digits);
      if (rest === undefined || (offset === '') !== (zone === '')) return undefined;
      const ms = millisOf(seconds) - offsetMs(offset);
      return joined(ms + Math.floor(rest / perMs), rest % perMs, perMs);
    },
  };
}

function split(value: number | bigint, perMs: number): { ms: number; rest: number } {
  if (typeof value === 'number') {
    const ms = Math.floor(value / perMs);
    return { ms, rest: value - ms * perMs };
  }
  const rest = BigInt.asUintN(64, ((value % BigInt(perMs)) + BigInt(perMs)) % BigInt(perMs));
  return { ms: Number((value - rest) / BigInt(perMs)), rest: Number(rest) };
}

function joined(ms: number, rest: number, perMs: number): number | bigint | undefined {
  if (Number.isNaN(ms)) return undefined;
  const value = ms * perMs + rest;
  return Number.isSafeInteger(value) ? value : BigInt(ms) * BigInt(perMs) + BigInt(rest);
}

function offsetMs(offset: string): number {
  if (offset === '' || offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return (offset[0] === '-' ? -minutes : minutes) * 60_000;
}

// About 10 000 digits. Converting takes time by their square: more are converted only if the precision allows them.
const maxDecimalBytes = 4096;
// Each value is printed with at least as many digits. The specification allows any scale up to the precision.
const maxTextScale = 10_000;

function decimal(
  schema: Exclude<AvroSchema, UnionSchema>,
  chosen: LogicalTypes['decimal'],
): Conversion | undefined {
  if (chosen !== 'string' && chosen !== 'bigint') return undefined;
  const attributes = decimalAttributes(schema);
  if (!attributes) return undefined;
  const { precision, scale } = attributes;
  const size = schema.type === 'fixed' ? schema.size : undefined;
  let limit: bigint | undefined;
  const toBytes = (unscaled: bigint) => {
    limit ??= 10n ** BigInt(precision);
    return unscaled < limit && -unscaled < limit ? bytesOf(unscaled, size) : undefined;
  };
  const maxTextBytes = Math.max(maxDecimalBytes, (precision * Math.log2(10)) / 8 + 1);
  if (chosen === 'bigint') {
    return {
      kind: 'number',
      decode: unscaledOf,
      encode: (value) => (typeof value === 'bigint' ? toBytes(value) : undefined),
    };
  }
  if (scale > maxTextScale) return undefined;
  return {
    kind: 'text',
    decode: (bytes: Buffer) =>
      bytes.length > maxTextBytes ? damaged() : withPoint(unscaledOf(bytes), scale),
    encode(value) {
      const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
      if (typeof value !== 'string' || whole === undefined || /[^0]/.test(fraction.slice(scale)))
        return undefined;
      const digits = `${whole}${fraction.slice(0, scale).padEnd(scale, '0')}`.replace(/^0+/, '');
      if (digits.length > precision) return undefined;
      const unscaled = BigInt(digits);
      return toBytes(sign ? -unscaled : unscaled);
    },
  };
}

const uuid: Conversion = {
  kind: 'text',
  decode: (bytes: Buffer) =>
    bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  encode: (value) =>
    typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)
      ? Buffer.from(value.replaceAll('-', ''), 'hex')
      : undefined,
};

const durationParts = ['months', 'days', 'milliseconds'] as const;

const duration: Conversion = {
  kind: 'object',
  decode: (bytes: Buffer) =>
    Object.fromEntries(durationParts.map((part, i) => [part, bytes.readUInt32LE(i * 4)])),
  encode(value) {
    const parts = value as Record<string, unknown>;
    const bytes = Buffer.alloc(12);
    for (const [i, part] of durationParts.entries()) {
      const number = parts?.[part];
      if (typeof number !== 'number' || number >>> 0 !== number) return undefined;
      bytes.writeUInt32LE(number, i * 4);
    }
    return bytes;
  },
};
