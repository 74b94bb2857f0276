import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../json-schema/each-schema.ts';

type Schema = Record<string, unknown>;

/** Whether a value has the type, size and constants that keywords of a schema ask for. Numbers have few digits. */
export function isMatchOf(schema: Schema, value: unknown): boolean {
  const { type, const: constant, enum: listed } = schema;
  if (type !== undefined && ![type].flat().some((one) => isOfType(one, value))) return false;
  if (constant !== undefined && !isDeepStrictEqual(value, constant)) return false;
  if (Array.isArray(listed) && !listed.some((one) => isDeepStrictEqual(value, one))) return false;
  if (typeof value === 'number') return isNumberOf(schema, value);
  if (typeof value === 'string') {
    const { pattern } = schema;
    if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value)) return false;
    return isWithin([...value].length, schema.minLength, schema.maxLength);
  }
  if (Array.isArray(value)) {
    const isRepeated = value.some((item, index) =>
      value.slice(0, index).some((earlier) => isDeepStrictEqual(earlier, item)),
    );
    if (schema.uniqueItems === true && isRepeated) return false;
    return isWithin(value.length, schema.minItems, schema.maxItems);
  }
  if (!isObject(value)) return true;
  const required = (schema.required ?? []) as string[];
  if (!required.every((name) => Object.hasOwn(value, name))) return false;
  return isWithin(Object.keys(value).length, schema.minProperties, schema.maxProperties);
}

function isOfType(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    default:
      return typeof value === type;
  }
}

function isNumberOf(schema: Schema, value: number): boolean {
  const { multipleOf, exclusiveMinimum, exclusiveMaximum } = schema;
  if (typeof multipleOf === 'number' && value % multipleOf !== 0) return false;
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) return false;
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) return false;
  return isWithin(value, schema.minimum, schema.maximum);
}

function isWithin(value: number, least: unknown, most: unknown): boolean {
  if (typeof least === 'number' && value < least) return false;
  return !(typeof most === 'number' && value > most);
}
