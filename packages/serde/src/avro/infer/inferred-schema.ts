import { InvalidSchemaError } from '../../errors.ts';
import { emptyShape, type Shape } from './json-shape.ts';

/** The only schemas that `inferAvro` makes: records of nullable fields. */
export interface RecordSchema {
  type: 'record';
  name: string;
  namespace?: string;
  fields: FieldSchema[];
}
export interface FieldSchema {
  name: string;
  type: TypeSchema;
  default: null;
}
export type BranchSchema = string | { type: 'array'; items: TypeSchema } | RecordSchema;
export type TypeSchema = 'null' | BranchSchema[];

export const scalars = ['boolean', 'long', 'double', 'string'] as const;

/** @throws InvalidSchemaError the definition was not made by `inferAvro` */
export function parseInferred(definition: string): RecordSchema {
  try {
    const schema = JSON.parse(definition);
    addRecord(emptyShape(), schema);
    return schema;
  } catch {
    throw new InvalidSchemaError('the definition was not made by inferAvro');
  }
}

/** The shape of all payloads that a definition accepts. Throws as `parseInferred`. */
export function shapeOf(definition: string): Shape {
  const shape = emptyShape();
  addRecord(shape, parseInferred(definition));
  return shape;
}

function addRecord(shape: Shape, { type, fields }: RecordSchema): void {
  if (type !== 'record') throw new TypeError(type);
  shape.members = new Map();
  for (const field of fields) {
    const member = emptyShape();
    shape.members.set(keyOf(field.name), member);
    addType(member, field.type);
  }
}

function addType(shape: Shape, type: TypeSchema): void {
  if (type === 'null') return;
  if (!Array.isArray(type)) throw new TypeError(String(type));
  for (const branch of type) {
    const scalar = scalars.find((kind) => kind === branch);
    if (scalar) shape[scalar] = true;
    else if (typeof branch === 'object' && branch.type === 'array') {
      shape.items = emptyShape();
      addType(shape.items, branch.items);
    } else if (branch !== 'null') addRecord(shape, branch as RecordSchema);
  }
}

// No key has this code point: it is one beyond the last.
const emptyKey = '_x110000_';

/** The field of a key. Two keys never share a field: a key that looks like an escape has its underscore escaped. */
export function fieldName(key: string): string {
  if (key === '') return emptyKey;
  return key.replace(
    /_(?=x[0-9a-f]+[^A-Za-z0-9])|[^A-Za-z0-9_]|^[0-9]/gu,
    (character) => `_x${(character.codePointAt(0) as number).toString(16)}_`,
  );
}

export function keyOf(field: string): string {
  if (field === emptyKey) return '';
  return field.replace(/_x([0-9a-f]+)_/g, (_, hex) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}
