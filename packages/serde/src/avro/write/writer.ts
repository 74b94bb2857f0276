import avro, { type Type as AvscType } from 'avsc';
import { SchemaMismatchError } from '../../errors.ts';
import { parseExactJson } from '../../json/exact-json.ts';
import { memberPointer } from '../../json/json-pointer.ts';
import type { Representation } from '../representation.ts';
import { defaultBody } from '../schema/default-body.ts';
import type { AvroSchema, RecordSchema } from '../schema/model.ts';
import type { Codable } from './avsc-type.ts';
import { exactType } from './exact-types.ts';
import { type AvroSchema as JsonSchema, originalName, repairNames } from './repaired-names.ts';

/** Writes values by one schema: see `Codec.encode`. */
export type Write = (value: unknown, target: Buffer, offset: number) => number;

/** Compiles a definition for writing. `schema` is the same, parsed. Throws what avsc throws. */
export function compileWriter(
  definition: string,
  schema: AvroSchema,
  representation: Representation,
): Write {
  const records = recordsOf(schema);
  const type = avro.Type.forSchema(
    repairNames(parseExactJson(definition) as JsonSchema) as never,
    {
      registry: Object.create(null),
      typeHook: exactType as never,
      representation,
      defaultsOf: (name: string) => defaultsOf(records.get(name)),
    } as never,
  );
  return (value, target, offset) => {
    try {
      return type.encode(value, target, offset);
    } catch {
      throw mismatch(type, value);
    }
  };
}

function recordsOf(schema: AvroSchema): Map<string, RecordSchema> {
  const records = new Map<string, RecordSchema>();
  collect(schema);
  return records;

  function collect(schema: AvroSchema): void {
    if (schema.type === 'array') collect(schema.items);
    else if (schema.type === 'map') collect(schema.values);
    else if (schema.type === 'union') schema.branches.forEach(collect);
    else if (schema.type === 'record' && !records.has(schema.fullName)) {
      records.set(schema.fullName, schema);
      for (const field of schema.fields ?? []) collect(field.schema);
    }
  }
}

function defaultsOf(record: RecordSchema | undefined): Map<string, Buffer> {
  const bodies = new Map<string, Buffer>();
  for (const { name, schema, defaultValue } of record?.fields ?? []) {
    if (defaultValue !== undefined) bodies.set(name, defaultBody(schema, defaultValue));
  }
  return bodies;
}

// Encoding stops at the first wrong field without knowing where it is; the checker walks the path.
function mismatch(type: AvscType, value: unknown): SchemaMismatchError {
  let pointer = '';
  let expected = type.branchName ?? type.typeName;
  let found = false;
  try {
    type.isValid(value, {
      errorHook(path, _value, wrongType) {
        if (found) return;
        found = true;
        pointer = path.reduce(memberPointer, '');
        expected = nameOf(wrongType as Codable);
      },
    });
  } catch {
    // A value that throws when looked at, or has no end: the pointer stays at its top.
  }
  return new SchemaMismatchError(pointer, expected);
}

function nameOf(type: Codable): string {
  return type.expected ?? type.branchName ?? originalName(type.toString());
}
