import { InvalidSchemaError } from '../../errors.ts';
import { keyOf } from '../schema/escaped-name.ts';
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
