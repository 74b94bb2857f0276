import { isJsonArray, isJsonNumber, isJsonObject, type Json, readJson } from '../json/json-text.ts';

/**
 * One text for all spellings of one JSON value: no white space, keys sorted, numbers in one form.
 * @throws JsonTextError
 */
export function canonicalJson(text: string): string {
  return printJson(readJson(text));
}

export function printJson(value: Json): string {
  if (isJsonObject(value)) return `{${printMembers(value).join(',')}}`;
  if (isJsonArray(value)) return `[${value.map(printJson).join(',')}]`;
  return isJsonNumber(value) ? printNumber(value.number) : JSON.stringify(value);
}

export function printMembers(members: ReadonlyMap<string, Json>): string[] {
  return [...members]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${printJson(value)}`);
}

/** Integers keep every digit; the others are the doubles they are read as: 1e2, 100.0 and 100 are one. */
function printNumber(text: string): string {
  if (/^-?\d+$/.test(text) && text !== '-0') return BigInt(text).toString();
  const double = Number(text);
  return Object.is(double, -0) ? '-0.0' : String(double);
}
