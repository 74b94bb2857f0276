// Decoded values as DynamoDB's attribute values: Avro by the writer schema, others by their JavaScript kinds.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  type AvroSchema,
  branchName,
  decimalText,
  isTagged,
  type RecordSchema,
  type UnionSchema,
  valueKindOf,
  valueKinds,
} from '@order-stream/serde';
import { exactNumber } from './number-attribute.ts';
import { MisfitError, type ValuePath } from './value-path.ts';
import { isVariableScaleDecimal, variableScaleAttribute } from './variable-scale-decimal.ts';

export type Attributes = Record<string, AttributeValue>;

/** @throws MisfitError DynamoDB has no such value */
type Convert<Value = never> = (value: Value, path: ValuePath) => AttributeValue;

/** A value whose members become the attributes of an item. */
export interface Members {
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether the names come from the record, as the keys of a map. */
  readonly namesAreContent: boolean;
  /** Converts the member of that name. */
  convert(name: string, path: ValuePath): AttributeValue;
}

/** @throws MisfitError the value has no members */
export type MembersOf = (value: unknown) => Members;

/**
 * Compiles what makes attributes of the values that `@order-stream/serde` decodes by an Avro schema.
 *
 * - int, long, with any logical type: N, every digit
 * - float, double: N, the shortest digits that give the same number
 * - bytes, fixed: B; with the logical type `decimal`: N, every digit
 * - string, enum: S; boolean: BOOL; null: NULL
 * - array: L; map and record: M; union: the branch's value, without its name
 * - Debezium's VariableScaleDecimal: N, every digit
 */
export function compileAvroMembers(schema: AvroSchema): MembersOf {
  return membersOf(schema, new Map());
}

/** Values without an Avro schema, by their JavaScript kinds. */
export const untypedMembers: MembersOf = (value) => {
  if (valueKindOf(value) !== 'object') throw notAnObject(value);
  const values = value as Record<string, unknown>;
  return {
    values,
    namesAreContent: true,
    convert: (name, path) => convertUntyped(values[name], path),
  };
};

function notAnObject(value: unknown): MisfitError {
  return new MisfitError(`expected an object, got ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  const kind = valueKindOf(value) ?? typeof value;
  return kind === 'null' || kind === 'undefined' ? kind : `a value of the kind ${kind}`;
}

function membersOf(schema: AvroSchema, converters: Map<RecordSchema, Convert>): MembersOf {
  switch (schema.type) {
    case 'record': {
      const converts = new Map(
        (schema.fields ?? []).map(({ name, schema }) => [name, converterOf(schema, converters)]),
      );
      return (value) => {
        const values = value as Record<string, unknown>;
        return {
          values,
          namesAreContent: false,
          convert: (name, path) => (converts.get(name) as Convert)(values[name] as never, path),
        };
      };
    }
    case 'map': {
      const convert = converterOf(schema.values, converters);
      return (value) => {
        const values = value as Record<string, unknown>;
        return {
          values,
          namesAreContent: true,
          convert: (name, path) => convert(values[name] as never, path),
        };
      };
    }
    case 'union': {
      const branchOf = branchSelector(schema, (branch) => membersOf(branch, converters));
      return (value) => {
        const { compiled, member } = branchOf(value);
        return compiled(member);
      };
    }
    default:
      return (value) => {
        throw notAnObject(value);
      };
  }
}

/** `converters`: of the records compiled so far, so that a record can contain itself. */
function converterOf(schema: AvroSchema, converters: Map<RecordSchema, Convert>): Convert {
  switch (schema.type) {
    case 'null':
      return () => ({ NULL: true });
    case 'boolean':
      return (value: boolean) => ({ BOOL: value });
    case 'int':
    case 'long':
      return (value: number | bigint) => ({ N: String(value) });
    case 'float':
    case 'double':
      return (value: number) => numberAttribute(value);
    case 'string':
    case 'enum':
      return (value: string) => textAttribute(value);
    case 'bytes':
    case 'fixed': {
      const decimal = decimalText(schema);
      if (decimal === undefined) return (value: Buffer) => ({ B: value });
      return (value: Buffer) => decimalAttribute(value, decimal);
    }
    case 'array': {
      const convert = converterOf(schema.items, converters) as Convert<unknown>;
      return (items: readonly unknown[], path) => listAttribute(items, convert, path);
    }
    case 'map': {
      const convert = converterOf(schema.values, converters) as Convert<unknown>;
      return (entries: Record<string, unknown>, path) => {
        const attributes = emptyAttributes();
        for (const key of Object.keys(entries)) {
          path.enter(key, true);
          attributes[attributeName(key)] = convert(entries[key], path);
          path.leave();
        }
        return { M: attributes };
      };
    }
    case 'union': {
      const branchOf = branchSelector(schema, (branch) => converterOf(branch, converters));
      return (value: unknown, path) => {
        const { compiled, member } = branchOf(value);
        return compiled(member as never, path);
      };
    }
    case 'record': {
      const known = converters.get(schema);
      if (known) return known;
      if (isVariableScaleDecimal(schema)) return variableScaleAttribute;
      let convert: Convert;
      converters.set(schema, (value, path) => convert(value, path));
      convert = recordConverter(schema, converters);
      return convert;
    }
  }
}

function recordConverter(record: RecordSchema, converters: Map<RecordSchema, Convert>): Convert {
  const fields = (record.fields ?? []).map(({ name, schema }) => ({
    name,
    convert: converterOf(schema, converters),
  }));
  return (value: Record<string, unknown>, path) => {
    const attributes = emptyAttributes();
    for (const { name, convert } of fields) {
      path.enter(name);
      attributes[name] = convert(value[name] as never, path);
      path.leave();
    }
    return { M: attributes };
  };
}

/** Finds the branch of a union's value. */
function branchSelector<Compiled>(union: UnionSchema, compile: (branch: AvroSchema) => Compiled) {
  const tagged = isTagged(union);
  const branches = new Map<string | undefined, Compiled>(
    union.branches.map((branch) => [
      tagged ? branchName(branch) : valueKinds[branch.type as Exclude<AvroSchema['type'], 'union'>],
      compile(branch),
    ]),
  );
  return (value: unknown): { compiled: Compiled; member: unknown } => {
    // The decoder tags the value where JavaScript cannot distinguish the branches: {"long": 5}.
    const [name, member] =
      tagged && value !== null
        ? (Object.entries(value as object)[0] as [string, unknown])
        : [valueKindOf(value), value];
    const compiled = branches.get(name);
    if (compiled === undefined) throw new TypeError('the value matches no branch of its union');
    return { compiled, member };
  };
}

function convertUntyped(value: unknown, path: ValuePath): AttributeValue {
  switch (typeof value) {
    case 'string':
      return textAttribute(value);
    case 'number':
    case 'bigint':
      return numberAttribute(value);
    case 'boolean':
      return { BOOL: value };
    case 'object':
      if (value === null) return { NULL: true };
      if (value instanceof Uint8Array) return { B: value };
      if (Array.isArray(value)) return listAttribute(value, convertUntyped, path);
      return { M: untypedMap(value as Record<string, unknown>, path) };
    default:
      throw new MisfitError(`expected a value that can be stored, got ${kindOf(value)}`);
  }
}

function untypedMap(members: Record<string, unknown>, path: ValuePath): Attributes {
  const attributes = emptyAttributes();
  for (const key of Object.keys(members)) {
    if (members[key] === undefined) continue;
    path.enter(key, true);
    attributes[attributeName(key)] = convertUntyped(members[key], path);
    path.leave();
  }
  return attributes;
}

function listAttribute(
  items: readonly unknown[],
  convert: Convert<unknown>,
  path: ValuePath,
): AttributeValue {
  const list: AttributeValue[] = [];
  for (const [index, item] of items.entries()) {
    path.enter(index);
    list.push(convert(item, path));
    path.leave();
  }
  return { L: list };
}

/** Without a prototype, so that a name like `__proto__` is an attribute as any other. */
export function emptyAttributes(): Attributes {
  return Object.create(null) as Attributes;
}

/** @throws MisfitError DynamoDB has no attribute of such a name */
export function attributeName(name: string): string {
  if (name === '') throw new MisfitError('expected a name with at least one character');
  textAttribute(name);
  return name;
}

function textAttribute(value: string): AttributeValue {
  if (value.isWellFormed()) return { S: value };
  throw new MisfitError('expected Unicode text, got an unpaired surrogate');
}

function numberAttribute(value: number | bigint): AttributeValue {
  if (Number.isSafeInteger(value)) return { N: String(value) };
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new MisfitError('expected a finite number, got NaN or an infinity');
  return exactNumber(String(value));
}

function decimalAttribute(bytes: Buffer, decode: (bytes: Buffer) => string): AttributeValue {
  let text: string;
  try {
    text = decode(bytes);
  } catch {
    throw new MisfitError('expected the bytes of a decimal, got none or too many');
  }
  return exactNumber(text);
}
