import type { Logical } from './avro-type.ts';
import { type Datum, objectOf } from './datum.ts';

/**
 * The JSON form of Python values in requests and answers of glue_serde.py. null, booleans, strings, lists and integers
 * (bigint here) are unchanged. Every other value is an object with one member, which is named for the type.
 */
export type PythonValue =
  | null
  | boolean
  | string
  | bigint
  | PythonValue[]
  | { [type: string]: PythonValue };

/** The value in the Python library's form. With `tagged`, each union value names its branch. */
export function asPython(datum: Datum, form: 'plain' | 'tagged'): PythonValue {
  switch (datum.type) {
    case 'null':
      return null;
    case 'boolean':
    case 'enum':
      return datum.value;
    case 'int':
    case 'long':
      return integer(datum.value, datum.logical);
    case 'float':
    case 'double': {
      const digits = Buffer.alloc(8);
      digits.writeDoubleBE(datum.value);
      return { float: digits.toString('hex') };
    }
    case 'string':
      return datum.logical?.name === 'uuid' ? { uuid: datum.value } : datum.value;
    case 'bytes':
    case 'fixed':
      return datum.logical?.name === 'decimal'
        ? { decimal: [unscaled(datum.value), BigInt(-datum.logical.scale)] }
        : { bytes: datum.value.toString('base64') };
    case 'array':
      return datum.items.map((item) => asPython(item, form));
    case 'map':
      return { dict: objectOf(datum.entries, (entry) => asPython(entry, form)) };
    case 'record':
      return { dict: objectOf(datum.fields, (field) => asPython(field, form)) };
    case 'union': {
      const value = asPython(datum.value, form);
      return form === 'tagged' ? { branch: [datum.tag, value] } : value;
    }
  }
}

const day = 86_400n;
// Python's datetime supports the years 1 to 9999.
const firstSecond = -62_135_596_800n;
const lastSecond = 253_402_300_799n;

/** True for a time or date without a Python value. The library writes it from the plain number and cannot read it. */
export function beyondPython(datum: Datum): boolean {
  if (datum.type !== 'int' && datum.type !== 'long') return false;
  const seconds = secondsOf(datum.value, datum.logical);
  return seconds !== undefined && (seconds < firstSecond || seconds > lastSecond);
}

function secondsOf(value: bigint, logical: Logical | undefined): bigint | undefined {
  switch (logical?.name) {
    case 'date':
      return value * day;
    case 'timestamp-millis':
    case 'local-timestamp-millis':
      return floorDivide(value, 1_000n);
    case 'timestamp-micros':
    case 'local-timestamp-micros':
      return floorDivide(value, 1_000_000n);
  }
  return undefined;
}

function integer(value: bigint, logical: Logical | undefined): PythonValue {
  if (beyondPython({ type: 'long', value, ...(logical && { logical }) })) return value;
  switch (logical?.name) {
    case 'date':
      return { date: value };
    case 'time-millis':
      return { time: value * 1_000n };
    case 'time-micros':
      return { time: value };
    case 'timestamp-millis':
      return { datetime: value * 1_000n };
    case 'timestamp-micros':
      return { datetime: value };
    case 'local-timestamp-millis':
      return { local: value * 1_000n };
    case 'local-timestamp-micros':
      return { local: value };
  }
  return value;
}

function floorDivide(value: bigint, by: bigint): bigint {
  return (value - (((value % by) + by) % by)) / by;
}

function unscaled(bytes: Buffer): bigint {
  return bytes.length === 0
    ? 0n
    : BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`));
}
