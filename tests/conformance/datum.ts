import type { Logical } from './avro-type.ts';

/** A value with its Avro type, from which each library's own form is made. */
export type Datum =
  | { type: 'null' }
  | { type: 'boolean'; value: boolean }
  | { type: 'int' | 'long'; value: bigint; logical?: Logical }
  | { type: 'float' | 'double'; value: number }
  | { type: 'string'; value: string; logical?: Logical }
  | { type: 'bytes' | 'fixed'; value: Buffer; logical?: Logical }
  | { type: 'enum'; value: string }
  | { type: 'array'; items: Datum[] }
  | { type: 'map'; entries: Map<string, Datum> }
  | { type: 'record'; fields: [string, Datum][] }
  | {
      type: 'union';
      tag: string;
      /** True if JavaScript values do not identify the branch. */
      ambiguous: boolean;
      value: Datum;
    };

/** The value in the form of this project's serializer and deserializer. */
export function asValue(datum: Datum): unknown {
  switch (datum.type) {
    case 'null':
      return null;
    case 'int':
    case 'long':
      return Number.isSafeInteger(Number(datum.value)) ? Number(datum.value) : datum.value;
    case 'array':
      return datum.items.map(asValue);
    case 'map':
      return objectOf(datum.entries, asValue);
    case 'record':
      return objectOf(datum.fields, asValue);
    case 'union': {
      const value = asValue(datum.value);
      return datum.ambiguous && value !== null ? { [datum.tag]: value } : value;
    }
    default:
      return datum.value;
  }
}

/** The value in Avro's JSON encoding, with every digit. */
export function asAvroJson(datum: Datum): string {
  switch (datum.type) {
    case 'null':
      return 'null';
    case 'int':
    case 'long':
      return String(datum.value);
    case 'float':
    case 'double':
      return numberText(datum.value);
    case 'bytes':
    case 'fixed':
      return JSON.stringify(datum.value.toString('latin1'));
    case 'array':
      return `[${datum.items.map(asAvroJson).join()}]`;
    case 'map':
      return `{${members(datum.entries)}}`;
    case 'record':
      return `{${members(datum.fields)}}`;
    case 'union':
      return datum.value.type === 'null' ? 'null' : `{${members([[datum.tag, datum.value]])}}`;
    default:
      return JSON.stringify(datum.value);
  }
}

/** True if any part of the datum matches. */
export function contains(datum: Datum, matches: (part: Datum) => boolean): boolean {
  if (matches(datum)) return true;
  const inside = (part: Datum) => contains(part, matches);
  switch (datum.type) {
    case 'array':
      return datum.items.some(inside);
    case 'map':
      return [...datum.entries.values()].some(inside);
    case 'record':
      return datum.fields.some(([, field]) => inside(field));
    case 'union':
      return inside(datum.value);
    default:
      return false;
  }
}

export function objectOf<T>(
  entries: Iterable<[string, Datum]>,
  convert: (part: Datum) => T,
): Record<string, T> {
  return Object.fromEntries(Array.from(entries, ([name, part]) => [name, convert(part)]));
}

function members(entries: Iterable<[string, Datum]>): string {
  return Array.from(
    entries,
    ([name, part]) => `${JSON.stringify(name)}:${asAvroJson(part)}`,
  ).join();
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  // Java's JSON reader does not accept infinity, but reads a number too large for a double as infinity.
  if (!Number.isFinite(value)) return value < 0 ? '-1e999' : '1e999';
  return String(value);
}
