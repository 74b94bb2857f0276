import { InvalidSchemaError } from '../../errors.ts';
import { isJsonArray, isJsonNumber, isJsonObject, type Json } from '../../json/json-text.ts';
import { isValidDefault } from './default-value.ts';
import { type AvroSchema, branchName } from './model.ts';

/**
 * The bytes that a default has in a record. As in Avro Java 1.11.4 (`ResolvingGrammarGenerator.encode`): the
 * characters of a text are the bytes of bytes and fixed, fixed is padded or cut to its size, and a member that a
 * record's default does not have takes the default of its field. A union takes its first branch or, as Avro does
 * since 1.12, the first branch that the default fits.
 *
 * @throws InvalidSchemaError the default is not a value of the schema
 */
export function defaultBody(schema: AvroSchema, json: Json): Buffer {
  switch (schema.type) {
    case 'null':
      return json === null ? Buffer.alloc(0) : reject(schema);
    case 'boolean':
      return typeof json === 'boolean' ? Buffer.from([json ? 1 : 0]) : reject(schema);
    case 'int':
    case 'long':
      return varint(BigInt(digitsOf(schema, json)));
    case 'float':
    case 'double':
      return floating(schema.type, Number(digitsOf(schema, json)));
    case 'string':
      return sized(Buffer.from(textOf(schema, json)));
    case 'bytes':
      return sized(latin1(textOf(schema, json)));
    case 'fixed': {
      const bytes = Buffer.alloc(schema.size);
      latin1(textOf(schema, json)).copy(bytes);
      return bytes;
    }
    case 'enum': {
      const index = schema.symbols.indexOf(textOf(schema, json));
      return index < 0 ? reject(schema) : varint(index);
    }
    case 'array': {
      if (!isJsonArray(json)) reject(schema);
      return block(json.map((item) => defaultBody(schema.items, item)));
    }
    case 'map': {
      if (!isJsonObject(json)) reject(schema);
      const entries = [...json].map(([key, value]) =>
        Buffer.concat([sized(Buffer.from(key)), defaultBody(schema.values, value)]),
      );
      return block(entries);
    }
    case 'union': {
      const index = schema.branches.findIndex((branch) => isValidDefault(branch, json));
      if (index < 0) reject(schema);
      const branch = schema.branches[index] as AvroSchema;
      return Buffer.concat([varint(index), defaultBody(branch, json)]);
    }
    case 'record': {
      if (!isJsonObject(json)) reject(schema);
      const members = (schema.fields ?? []).map((field) => {
        const own = json.get(field.name);
        const value = own === undefined ? field.defaultValue : own;
        return value === undefined ? reject(schema) : defaultBody(field.schema, value);
      });
      return Buffer.concat(members);
    }
  }
}

/** As `defaultBody`; `undefined` where the default is not a value of the schema, or contains itself without end. */
export function usableDefaultBody(schema: AvroSchema, json: Json): Buffer | undefined {
  try {
    return defaultBody(schema, json);
  } catch (error) {
    if (error instanceof InvalidSchemaError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function block(items: readonly Buffer[]): Buffer {
  return Buffer.concat(
    items.length > 0 ? [varint(items.length), ...items, varint(0)] : [varint(0)],
  );
}

function sized(bytes: Buffer): Buffer {
  return Buffer.concat([varint(bytes.length), bytes]);
}

function varint(integer: number | bigint): Buffer {
  const value = BigInt(integer);
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

function floating(type: 'float' | 'double', value: number): Buffer {
  const bytes = Buffer.alloc(type === 'float' ? 4 : 8);
  if (type === 'float') bytes.writeFloatLE(value);
  else bytes.writeDoubleLE(value);
  return bytes;
}

// Java writes a question mark for a character beyond U+00FF.
function latin1(text: string): Buffer {
  return Buffer.from(text.replace(/[^\0-\u00ff]/gu, '?'), 'latin1');
}

function digitsOf(schema: AvroSchema, json: Json): string {
  return isJsonNumber(json) && isValidDefault(schema, json) ? json.number : reject(schema);
}

function textOf(schema: AvroSchema, json: Json): string {
  return typeof json === 'string' ? json : reject(schema);
}

function reject(schema: AvroSchema): never {
  throw new InvalidSchemaError(`a default is not a ${branchName(schema)}`);
}
