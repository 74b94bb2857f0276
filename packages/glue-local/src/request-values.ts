import { GlueError } from './glue-error.ts';
import { type Shape, type StructureShape, shapes } from './service-model.ts';

/** AWS names parameters in messages as its Java code does. Three names differ from their members (moto's tests have them). */
const parameterNames: Readonly<Record<string, string>> = {
  MetadataKey: 'key',
  MetadataValue: 'value',
  SchemaVersionId: 'SchemaVersionId',
};

/** The name of a member in messages: `schemaName` for SchemaName. */
export function parameterName(member: string): string {
  return parameterNames[member] ?? member.charAt(0).toLowerCase() + member.slice(1);
}

export function shapeNamed(name: string): Shape {
  return shapes[name as keyof typeof shapes];
}

/**
 * The members that the structure declares, each with the JSON type of its shape. Null members are left out, unknown ones
 * too, as AWS JSON does.
 * @throws GlueError SerializationException
 */
export function readStructure(
  { members }: StructureShape,
  value: unknown,
  parameter: string,
): Record<string, unknown> {
  const found = isObject(value) ? value : mismatch(value, 'structure', parameter);
  return Object.fromEntries(
    Object.keys(members).flatMap((key) => {
      const member = Object.hasOwn(found, key) ? (found[key] ?? undefined) : undefined;
      if (member === undefined) return [];
      return [[key, readValue(shapeNamed(members[key] ?? ''), member, parameterName(key))]];
    }),
  );
}

function readValue(shape: Shape, value: unknown, parameter: string): unknown {
  switch (shape.type) {
    case 'structure':
      return readStructure(shape, value, parameter);
    case 'list': {
      const items = Array.isArray(value) ? value : mismatch(value, 'list', parameter);
      return items.map((item) => readValue(shapeNamed(shape.member), item, parameter));
    }
    case 'map': {
      const entries = Object.entries(isObject(value) ? value : mismatch(value, 'map', parameter));
      return Object.fromEntries(
        entries.map(([key, item]) => [
          wellFormed(key, parameter),
          readValue(shapeNamed(shape.value), item, parameter),
        ]),
      );
    }
    case 'string':
      return wellFormed(
        typeof value === 'string' ? value : mismatch(value, 'String', parameter),
        parameter,
      );
    case 'integer':
      return Number.isInteger(value) ? value : mismatch(value, 'Integer', parameter);
    case 'boolean':
      return typeof value === 'boolean' ? value : mismatch(value, 'Boolean', parameter);
  }
}

/** UTF-8 has no bytes for a half of a surrogate pair: the database and the answer would have another text. */
function wellFormed(text: string, parameter: string): string {
  if (text.isWellFormed()) return text;
  const message = 'The text has a surrogate without its other half.';
  throw new GlueError('SerializationException', `${message} Parameter Name: ${parameter}`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The messages are those of AWS's JSON services, completed by the parameter. */
function mismatch(value: unknown, expected: string, parameter: string): never {
  const message = Array.isArray(value)
    ? 'Start of list found where not expected.'
    : isObject(value)
      ? 'Start of structure or map found where not expected.'
      : `${tokenOf(value)} can not be converted to a ${expected}.`;
  throw new GlueError('SerializationException', `${message} Parameter Name: ${parameter}`);
}

function tokenOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return `${value === null ? 'NULL' : typeof value === 'string' ? 'STRING' : 'NUMBER'}_VALUE`;
}
