import avro, { type Type as AvscType } from 'avsc';
import { conversionOfSchema, isTagged, kindOfSchema } from '../representation.ts';
import { usableDefaultBody } from '../schema/default-body.ts';
import {
  type AvroSchema,
  branchName,
  type RecordSchema,
  type UnionSchema,
} from '../schema/model.ts';
import { MapType, RecordType, UnionType } from './composite-types.ts';
import { type Codable, exactLong, exactString } from './exact-types.ts';
import type { WriteOptions } from './write-options.ts';

const { Type, types } = avro;

/** Writes what `toValue` makes of a value; undefined where the value does not fit. */
class ConvertedType extends types.LogicalType {
  readonly expected: string;

  constructor(underlying: AvscType, toValue: (value: unknown) => unknown, expected: string) {
    super(underlying as never);
    this.expected = expected;
    this._toValue = toValue;
  }
}

/**
 * The avsc type that writes a schema, made part by part from the model: avsc parses no definition and resolves no name.
 * Where a type of its own is inexact, a `LogicalType` converts or rejects values before it, or exact-types.ts replaces it.
 */
export function avscTypeOf(schema: AvroSchema, options: WriteOptions): AvscType {
  const records = new Map<RecordSchema, RecordType>();
  return typeOf(schema);

  function typeOf(schema: AvroSchema): Codable {
    const type = underlyingType(schema);
    const conversion = conversionOfSchema(schema, options);
    if (!conversion || schema.type === 'union') return type as Codable;
    const expected = `${schema.properties.get('logicalType')} as ${conversion.kind}`;
    return new ConvertedType(type, conversion.encode, expected) as never;
  }

  function underlyingType(schema: AvroSchema): AvscType {
    switch (schema.type) {
      case 'long':
        return exactLong;
      case 'string':
        return exactString;
      case 'float':
        return new ConvertedType(Type.forSchema('float'), finiteFloat, 'float');
      case 'bytes':
        return new ConvertedType(Type.forSchema('bytes'), asBuffer, 'bytes');
      case 'fixed': {
        const { size, fullName } = schema;
        const toValue = (value: unknown) => asBuffer(value, size);
        return new ConvertedType(
          Type.forSchema({ type: 'fixed', size } as never),
          toValue,
          fullName,
        );
      }
      case 'enum': {
        // Written as the index of its symbol, which spares avsc names that it rejects.
        const indices = new Map<unknown, number>(schema.symbols.map((symbol, i) => [symbol, i]));
        const toValue = (value: unknown) => indices.get(value);
        return new ConvertedType(Type.forSchema('int'), toValue, schema.fullName);
      }
      case 'array':
        return Type.forSchema({ type: 'array', items: typeOf(schema.items) } as never);
      case 'map':
        return new MapType(typeOf(schema.values));
      case 'union':
        return unionType(schema);
      case 'record':
        return records.get(schema) ?? recordType(schema);
      default:
        return Type.forSchema(schema.type);
    }
  }

  function unionType(union: UnionSchema): AvscType {
    const tagged = isTagged(union, options);
    const keys = union.branches.map((branch) =>
      tagged ? branchName(branch) : kindOfSchema(branch, options),
    );
    const expected = JSON.stringify(union.branches.map(branchName));
    return new UnionType(union.branches.map(typeOf), keys, tagged, expected);
  }

  function recordType(record: RecordSchema): AvscType {
    // A class of its own, so that the engine sees in every place which writer is called, and inlines it.
    const type = new (class extends RecordType {})(record.fullName);
    records.set(record, type);
    const fields = (record.fields ?? []).map(({ name, schema, defaultValue }) => ({
      name,
      type: typeOf(schema),
      // A default that is not a value of its type counts as none, as for a reader: records that have the field are written.
      defaultBody: defaultValue === undefined ? undefined : usableDefaultBody(schema, defaultValue),
    }));
    type.complete(fields, options.unknownProperties === 'refuse');
    return type;
  }
}

// A float rounds, but a finite number must not become infinite.
function finiteFloat(value: unknown): number | undefined {
  if (typeof value !== 'number') return undefined;
  return Number.isFinite(Math.fround(value)) || !Number.isFinite(value) ? value : undefined;
}

/** Any bytes as avsc takes them. */
function asBuffer(value: unknown, size?: number): Buffer | undefined {
  if (!(value instanceof Uint8Array) || (size !== undefined && value.length !== size))
    return undefined;
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
