import { isJsonArray, isJsonNumber, isJsonObject, type Json } from '../../json/json-text.ts';
import type { AvroSchema } from './model.ts';
import { InvalidAvroSchemaError } from './model.ts';

// `Double.valueOf` cuts what `String.trim` cuts.
const javaDouble =
  /^[\0- ]*([+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))[fFdD]?[\0- ]*$/;
const javaHexadecimal =
  /^[\0- ]*([+-]?)0[xX](?=\.?[\da-fA-F])([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)[fFdD]?[\0- ]*$/;

/**
 * The default of a float or double that is given as a text, which Avro Java accepts.
 * @throws InvalidAvroSchemaError when the text is not a number
 */
export function floatFromText(text: string): Json {
  const digits = javaDouble.exec(text)?.[1];
  if (digits !== undefined) return { number: String(Number(digits)) };
  const [, sign, whole = '', fraction = '', exponent] = javaHexadecimal.exec(text) ?? [];
  if (exponent === undefined)
    throw new InvalidAvroSchemaError(`Invalid number as default: ${text}`);
  const mantissa = Number(`0x${whole}${fraction}`);
  const number = mantissa * 2 ** (Number(exponent) - 4 * fraction.length);
  return { number: `${sign}${number}` };
}

/**
 * Whether the JSON value can be a default of the schema, by Avro Java's rules: the default of a union belongs to
 * its first branch; a field that the value does not have needs a default of its own.
 * @throws InvalidAvroSchemaError for a record whose fields are not known yet
 */
export function isValidDefault(schema: AvroSchema, value: Json): boolean {
  switch (schema.type) {
    case 'string':
    case 'bytes':
    case 'enum':
    case 'fixed':
      return typeof value === 'string';
    case 'int':
      return isIntegerWithin(value, 32);
    case 'long':
      return isIntegerWithin(value, 64);
    case 'float':
    case 'double':
      return isJsonNumber(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'array':
      return isJsonArray(value) && value.every((element) => isValidDefault(schema.items, element));
    case 'map':
      return (
        isJsonObject(value) &&
        [...value.values()].every((entry) => isValidDefault(schema.values, entry))
      );
    case 'union': {
      const first = schema.branches[0];
      return first !== undefined && isValidDefault(first, value);
    }
    case 'record': {
      if (!isJsonObject(value)) return false;
      if (schema.fields === undefined) {
        throw new InvalidAvroSchemaError(`Schema fields not set yet: ${schema.fullName}`);
      }
      return schema.fields.every((field) => {
        const member = value.get(field.name);
        // The default of the field was checked when the field was parsed. Checking it again would double the work
        // with every level of nesting.
        if (member === undefined) return field.defaultValue !== undefined;
        return isValidDefault(field.schema, member);
      });
    }
  }
}

function isIntegerWithin(value: Json, bits: number): boolean {
  if (!isJsonNumber(value) || !/^-?\d{1,20}$/.test(value.number)) return false;
  const integer = BigInt(value.number);
  return BigInt.asIntN(bits, integer) === integer;
}
