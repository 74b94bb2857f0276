import type { JsonWriter } from './json-writer.ts';

/** Units of Avro's logical timestamps. */
export type TimestampUnit = 'millis' | 'micros' | 'nanos';

const millisPerSecond = 1000;
const millisPerDay = 86_400_000;
const unitsPerSecond = { millis: 1000n, micros: 1_000_000n, nanos: 1_000_000_000n };
const fractionDigits = { millis: 3, micros: 6, nanos: 9 };
const fractionAndZoneLength = '045Z'.length;
const timeAndZoneLength = 'T00:00:00.000Z'.length;
/** The largest and, negated, the smallest time value of ECMAScript's Date. */
const largestDateMillis = 8.64e15;

/**
 * Writes instants counted since 1970-01-01T00:00:00Z as `"2023-04-06T01:50:13.045Z"`, with every digit of the unit; `zone`
 * is `''` for Avro's local timestamps. Instants outside the range of Date (years ±271821) are written as digits.
 *
 * Create one per field: `toISOString` costs more than decoding an order, and consecutive values of a field mostly share
 * their second, whose text is cached.
 */
export function createIsoTimestamp(
  unit: TimestampUnit,
  zone: 'Z' | '',
): (out: JsonWriter, instant: number | bigint) => void {
  const closing = Buffer.from(`${zone}"`);
  const digits = fractionDigits[unit];
  const perSecond = unitsPerSecond[unit];
  let lastSecond = Number.NaN;
  let lastText = Buffer.alloc(0);

  function write(out: JsonWriter, second: number, fraction: number): boolean {
    if (second !== lastSecond) {
      const millis = second * millisPerSecond;
      if (Math.abs(millis) > largestDateMillis) return false;
      lastText = Buffer.from(`"${new Date(millis).toISOString().slice(0, -fractionAndZoneLength)}`);
      lastSecond = second;
    }
    out.raw(lastText);
    out.digits(fraction, digits);
    out.raw(closing);
    return true;
  }

  return (out, instant) => {
    if (unit === 'millis' && typeof instant === 'number') {
      const second = Math.floor(instant / millisPerSecond);
      if (!write(out, second, instant - second * millisPerSecond)) out.number(instant);
      return;
    }
    const count = BigInt(instant);
    const fraction = ((count % perSecond) + perSecond) % perSecond;
    const second = Number((count - fraction) / perSecond);
    if (!write(out, second, Number(fraction))) out.number(instant);
  };
}

/** Writes days since 1970-01-01 as `"2023-04-06"`. Days outside the range of Date are written as digits. */
export function printIsoDate(out: JsonWriter, days: number | bigint): void {
  const millis = Number(days) * millisPerDay;
  if (Math.abs(millis) > largestDateMillis) out.number(days);
  else out.ascii(`"${new Date(millis).toISOString().slice(0, -timeAndZoneLength)}"`);
}
