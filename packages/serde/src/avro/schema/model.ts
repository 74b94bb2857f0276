import { SerdeError } from '../../errors.ts';
import type { Json } from '../../json/json-text.ts';

export const primitiveTypes = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
] as const;
export type PrimitiveType = (typeof primitiveTypes)[number];

interface Annotated {
  /** Attributes without a meaning in Avro's grammar, `logicalType` among them. */
  properties: ReadonlyMap<string, Json>;
}

export interface AvroName {
  /** The part after the last dot. */
  name: string;
  /** undefined: the null namespace. */
  namespace: string | undefined;
  fullName: string;
}

interface Named extends Annotated, AvroName {
  /** Full names. */
  aliases: readonly string[];
  doc: string | undefined;
}

export interface PrimitiveSchema extends Annotated {
  type: PrimitiveType;
}
export interface ArraySchema extends Annotated {
  type: 'array';
  items: AvroSchema;
}
export interface MapSchema extends Annotated {
  type: 'map';
  values: AvroSchema;
}
/** A value of a union has the schema of one of its branches. */
export interface UnionSchema {
  type: 'union';
  branches: readonly AvroSchema[];
}
export interface EnumSchema extends Named {
  type: 'enum';
  symbols: readonly string[];
  defaultSymbol: string | undefined;
}
export interface FixedSchema extends Named {
  type: 'fixed';
  size: number;
}
/** A record, or an error of an Avro protocol, which has the same form. */
export interface RecordSchema extends Named {
  type: 'record';
  isError: boolean;
  /** undefined while the fields are being parsed. */
  fields: readonly AvroField[] | undefined;
}
/** A schema that others refer to by its full name. */
export type NamedSchema = EnumSchema | FixedSchema | RecordSchema;

/**
 * A schema with its names resolved: a reference to a named type is the same object as its definition. A recursive
 * schema is therefore a graph with a cycle.
 */
export type AvroSchema = PrimitiveSchema | ArraySchema | MapSchema | UnionSchema | NamedSchema;

/** A field of a record, with its default as JSON. */
export interface AvroField extends Annotated {
  name: string;
  schema: AvroSchema;
  doc: string | undefined;
  /** undefined: the field has no default; null is a default. */
  defaultValue: Json | undefined;
  order: 'ascending' | 'descending' | 'ignore';
  aliases: readonly string[];
}

/** What a union calls the branch: the full name of a named type, else the type. */
export function branchName(schema: AvroSchema): string {
  return 'fullName' in schema ? schema.fullName : schema.type;
}

/** The text is not an Avro schema. `message` says where and why, in Avro Java's words where it has some. */
export class InvalidAvroSchemaError extends SerdeError {
  constructor(message: string, options?: ErrorOptions) {
    super('invalid-avro-schema', false, message, options);
  }
}
