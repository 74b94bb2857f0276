import {
  type Conversion,
  conversionOf,
  type LogicalTypes,
  type ValueKind,
} from './logical-types.ts';
import type { AvroSchema, UnionSchema } from './schema/model.ts';

/** How Avro's values are represented in JavaScript. */
export interface Representation {
  /**
   * `auto`: a union's value is not tagged where JavaScript can distinguish the branches, as in
   * `["null", "string"]`; otherwise it is tagged by its branch, `{ long: 5 }`. `tagged`: always tagged, except
   * null, as in Avro's JSON encoding. Default `auto`.
   */
  unions?: 'auto' | 'tagged';
  /** Default: the underlying value of each. */
  logicalTypes?: LogicalTypes;
}

/** Whether the values of a union are tagged by their branch. */
export function isTagged(union: UnionSchema, representation: Representation = {}): boolean {
  const kinds = new Set(union.branches.map((branch) => kindOfSchema(branch, representation)));
  return representation.unions === 'tagged' || kinds.size < union.branches.length;
}

/** The kind of the values of a union's branch. */
export function kindOfSchema(branch: AvroSchema, representation: Representation): ValueKind {
  return conversionOfSchema(branch, representation)?.kind ?? valueKinds[branch.type];
}

/** How the values of the schema are converted; `undefined` where they stay as Avro has them. */
export function conversionOfSchema(
  schema: AvroSchema,
  { logicalTypes }: Representation,
): Conversion | undefined {
  return logicalTypes && schema.type !== 'union' ? conversionOf(schema, logicalTypes) : undefined;
}

/** The kind of the underlying values. */
export const valueKinds: Record<Exclude<AvroSchema['type'], 'union'>, ValueKind> & {
  union: never;
} = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  string: 'text',
  enum: 'text',
  bytes: 'buffer',
  fixed: 'buffer',
  array: 'array',
  map: 'object',
  record: 'object',
  union: undefined as never,
};

/** The kind of a value; `undefined` where Avro has no type for it. */
export function valueKindOf(value: unknown): ValueKind | undefined {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'array';
      if (value instanceof Uint8Array) return 'buffer';
      return value instanceof Date ? 'date' : 'object';
    default:
      return undefined;
  }
}
