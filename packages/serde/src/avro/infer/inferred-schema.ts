import { InvalidSchemaError } from '../../errors.ts';
import type { AvroSchema, RecordSchema } from '../schema/model.ts';
import { parseAvro } from '../schema/parse-avro.ts';
import type { Shape } from './json-shape.ts';

export const scalars = ['boolean', 'long', 'double', 'string'] as const;

/**
 * The schema of a definition that `inferAvro` made, and the shape of all payloads that it accepts.
 *
 * @throws InvalidSchemaError the definition was not made by `inferAvro`
 */
export function parseInferred(definition: string): { record: RecordSchema; shape: Shape } {
  try {
    const record = parseAvro(definition) as RecordSchema;
    const shape: Shape = {};
    addRecord(shape, record);
    return { record, shape };
  } catch {
    throw new InvalidSchemaError('the definition was not made by inferAvro');
  }
}

function addRecord(shape: Shape, { type, fields = [] }: RecordSchema): void {
  if (type !== 'record') throw new TypeError(type);
  shape.members = new Map();
  for (const field of fields) shape.members.set(keyOf(field.name), shapeOf(field.schema));
}

// Only nulls and unions: the schemas of fields and items are nullable.
function shapeOf(schema: AvroSchema): Shape {
  const shape: Shape = {};
  if (schema.type === 'null') return shape;
  if (schema.type !== 'union') throw new TypeError(`expected a union, got ${schema.type}`);
  for (const branch of schema.branches) {
    const scalar = scalars.find((kind) => kind === branch.type);
    if (scalar) shape[scalar] = true;
    else if (branch.type === 'array') shape.items = shapeOf(branch.items);
    else if (branch.type !== 'null') addRecord(shape, branch as RecordSchema);
  }
  return shape;
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
