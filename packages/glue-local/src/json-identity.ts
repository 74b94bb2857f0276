import { isArray, isObject, type JsonValue } from './json-value.ts';

/**
 * Numbers the distinct JSON values that the returned function is given: equal values, whatever the order of their keys,
 * have the same number. Each value is read once, so that comparing nested arrays level by level takes linear time.
 */
export function createJsonIdentity(): (value: JsonValue) => number {
  const numbers = new Map<string, number>();
  const known = new Map<JsonValue, number>();
  return idOf;

  function idOf(value: JsonValue): number {
    const seen = known.get(value);
    if (seen !== undefined) return seen;
    const text = textOf(value);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    known.set(value, number);
    return number;
  }

  function textOf(value: JsonValue): string {
    if (isArray(value)) return `[${value.map(idOf).join(',')}]`;
    if (!isObject(value)) return JSON.stringify(value);
    const members = Object.entries(value).map(
      ([key, one]) => `${JSON.stringify(key)}:${idOf(one)}`,
    );
    return `{${members.sort().join(',')}}`;
  }
}
