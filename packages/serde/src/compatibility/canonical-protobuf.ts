import { type ImportOptions, parseProto } from '../protobuf/parse-proto.ts';
import type { EnumType, Field, MessageType, ProtoFile, ValueType } from '../protobuf/proto-file.ts';
import type { SchemaText } from '../registry/schema-registry.ts';
import { schemaTextOf } from './check-history.ts';

/**
 * The canonical text of a .proto file. A file written by hand and the text that the Java library prints of it
 * have the same one.
 *
 * Ignored: white space, comments, the order of declarations, whether names are qualified, maps declared as
 * entry messages, a missing `syntax` for proto2, the order of enum values with one number, extensions, and
 * options other than those of the file, messages, fields and enums. Kept: everything else.
 *
 * The files of references are printed after the file, by name.
 *
 * @param options which files the definition can import besides its references
 * @throws InvalidSchemaError
 */
export function canonicalProtobuf(
  schema: string | SchemaText,
  options: ImportOptions = {},
): string {
  const { definition, references = [] } = schemaTextOf(schema);
  const file = printFile(parseProto(definition, references, options));
  const imported = references.map(({ name, definition: text }) => ({
    name,
    file: printFile(parseProto(text, references, options)),
  }));
  return JSON.stringify(imported.length === 0 ? file : { ...file, references: byName(imported) });
}

function printFile(file: ProtoFile): object {
  return {
    package: file.packageName,
    syntax: file.syntax,
    imports: file.imports.toSorted(),
    options: sorted(file.options),
    messages: byName(file.messages.map(print)),
    enums: byName(file.enums.map(printEnum)),
    services: byName(
      file.services.map(({ fullName, rpcs }) => ({ name: fullName, rpcs: byName(rpcs) })),
    ),
  };
}

function print(message: MessageType): { name: string } {
  const { name, fields, messages, enums, reserved, options } = message;
  return {
    name,
    ...{ options: sorted(options), reserved: printReserved(reserved) },
    ...{ fields: fields.map(printField) },
    ...{ messages: byName(messages.map(print)), enums: byName(enums.map(printEnum)) },
  };
}

function printField(field: Field): object {
  const { name, jsonName, number, type, key, repeated, packed, presence, oneof, options } = field;
  return {
    ...{ number, name, jsonName, type: printType(type), key: key && printType(key) },
    ...{ repeated, packed, presence, oneof, options: sorted(options) },
  };
}

function printType(type: ValueType): string {
  return type.kind === 'scalar' ? type.scalar : `.${type.type.fullName}`;
}

function printEnum({ fullName, numbers, reserved, options }: EnumType): { name: string } {
  const values = [...numbers].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    name: fullName,
    ...{ values, reserved: printReserved(reserved), options: sorted(options) },
  };
}

function printReserved({ ranges, names }: ProtoFile['messages'][number]['reserved']): object {
  return { ranges: ranges.toSorted(([left], [right]) => left - right), names: names.toSorted() };
}

function byName<Named extends { name: string }>(entries: readonly Named[]): Named[] {
  return entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function sorted(options: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(options)
    .map(([name, value]): [string, unknown] => [name, printValue(value)])
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

function printValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(printValue);
  if (typeof value === 'object' && value !== null) return { message: sorted({ ...value }) };
  // JSON would print null for both `[default = inf]` and `[default = nan]`.
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
