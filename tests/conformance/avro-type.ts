/**
 * An Avro definition with every name resolved. Written from the specification alone, because all three libraries are
 * compared with it, so it must not use the code under test.
 */
export type AvroType =
  | { type: PrimitiveName; logical?: Logical }
  | { type: 'fixed'; name: string; size: number; logical?: Logical }
  | { type: 'enum'; name: string; symbols: string[] }
  | { type: 'array'; items: AvroType }
  | { type: 'map'; values: AvroType }
  | { type: 'record'; name: string; fields: { name: string; type: AvroType }[] }
  | { type: 'union'; branches: AvroType[] };

export type PrimitiveName = (typeof primitives)[number];

export interface Logical {
  name: string;
  precision: number;
  scale: number;
}

/** A schema as parsed JSON. */
export type Schema = string | Schema[] | { [attribute: string]: unknown };

const primitives = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'string',
  'bytes',
] as const;

export function resolveAvro(definition: string): AvroType {
  const named = new Map<string, AvroType>();
  return resolve(JSON.parse(definition), '');

  function resolve(schema: Schema, namespace: string): AvroType {
    if (Array.isArray(schema)) {
      return { type: 'union', branches: schema.map((branch) => resolve(branch, namespace)) };
    }
    if (typeof schema === 'string') return resolveName(schema, namespace);
    const type = schema.type as Schema;
    if (typeof type !== 'string') return resolve(type, namespace);
    const logical = logicalOf(schema);
    switch (type) {
      case 'array':
        return { type, items: resolve(schema.items as Schema, namespace) };
      case 'map':
        return { type, values: resolve(schema.values as Schema, namespace) };
      case 'enum':
        return define({
          type,
          name: nameOf(schema, namespace),
          symbols: schema.symbols as string[],
        });
      case 'fixed':
        return define({
          type,
          name: nameOf(schema, namespace),
          size: schema.size as number,
          ...logical,
        });
      case 'record':
      case 'error': {
        const name = nameOf(schema, namespace);
        const record: AvroType & { type: 'record' } = { type: 'record', name, fields: [] };
        define(record);
        const inner = name.slice(0, Math.max(0, name.lastIndexOf('.')));
        for (const field of schema.fields as { name: string; type: Schema }[]) {
          record.fields.push({ name: field.name, type: resolve(field.type, inner) });
        }
        return record;
      }
      default:
        return { ...resolveName(type, namespace), ...logical };
    }
  }

  function resolveName(name: string, namespace: string): AvroType {
    const primitive = primitives.find((known) => known === name);
    if (primitive !== undefined) return { type: primitive };
    // A name that its namespace lacks may be one of the null namespace, as Avro for Java reads it.
    const known = named.get(fullName(name, namespace)) ?? named.get(name);
    if (known === undefined) throw new Error(`unknown type ${name}`);
    return known;
  }

  function define<T extends AvroType & { name: string }>(type: T): T {
    named.set(type.name, type);
    return type;
  }
}

/** The name of this union branch in Avro's JSON encoding. */
export function branchTag(branch: AvroType): string {
  return 'name' in branch ? branch.name : branch.type;
}

function nameOf(schema: { [attribute: string]: unknown }, namespace: string): string {
  return fullName(schema.name as string, (schema.namespace as string | undefined) ?? namespace);
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

function logicalOf(schema: { [attribute: string]: unknown }): { logical?: Logical } {
  if (typeof schema.logicalType !== 'string') return {};
  const { precision = 0, scale = 0 } = schema as { precision?: number; scale?: number };
  return { logical: { name: schema.logicalType, precision, scale } };
}
