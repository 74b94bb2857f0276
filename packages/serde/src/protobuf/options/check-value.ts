import { isMessage, resolveType } from '../names/check-names.ts';
import type { LoadedFile } from '../names/loaded-files.ts';
import { findName } from '../names/resolve-name.ts';
import { isScalarType } from '../names/scalar-type.ts';
import type { ScalarType } from '../scalars.ts';
import type { EnumSource, OptionLiteral, OptionMember } from '../source/source-file.ts';
import { enumProblem } from './check-enum.ts';
import { type Notation, scalarProblem } from './check-scalar.ts';
import { type OptionField, type OptionMessage, optionField } from './option-fields.ts';

interface Context {
  /** The file that sets the option. */
  readonly from: LoadedFile;
  readonly files: readonly LoadedFile[];
}

/** The type of an option: a scalar, an enum or a message. */
export function typeOf(
  { field, fullName, file }: OptionField,
  files: readonly LoadedFile[],
): ScalarType | EnumSource | OptionMessage {
  const { type, line } = field;
  if (isScalarType(type)) return type;
  const resolved = resolveType({ name: type, user: fullName, file, line }, files);
  if (isMessage(resolved)) return { ...resolved, message: resolved.thing.message };
  return (resolved.thing as { enum: EnumSource }).enum;
}

/**
 * Compares a value with the type of its option. Returns the sentence that says what was expected, or undefined if the
 * value is valid.
 *
 * Source: protocolbuffers/protobuf, `SetOptionValue` and `text_format.cc`.
 */
export function valueProblem(
  option: OptionField,
  value: OptionLiteral,
  notation: Notation,
  context: Context,
): string | undefined {
  if (option.field.mapKey !== undefined) return entryProblem(option, value, context);
  const type = typeOf(option, context.files);
  if (typeof type === 'string') return scalarProblem(type, value, notation);
  if ('message' in type) {
    return value.kind === 'message'
      ? messageProblem(type, value.members, context)
      : 'expected a message in braces';
  }
  return enumProblem(type, option.file, value, notation);
}

/** The field of a message that a member in the text format names, as `name` or `[extension]`. */
export function memberField(
  name: string,
  type: OptionMessage,
  { from, files }: Context,
): OptionField | undefined {
  const written = name.startsWith('[') ? `(${name.slice(1, -1)})` : name;
  // The text format also accepts the name of a group's message for its field.
  const group = type.message.fields.find((field) => field.isGroup && field.type === name);
  return optionField(group?.name ?? written, type, type.fullName, from, files);
}

function messageProblem(
  type: OptionMessage,
  members: readonly OptionMember[],
  context: Context,
): string | undefined {
  const used = new Set<string>();
  for (const { name, hasColon, value } of members) {
    if (name.includes('/')) {
      const problem = anyProblem(type, name, value, context);
      if (problem !== undefined) return problem;
      continue;
    }
    const option = memberField(name, type, context);
    if (!option) {
      if (type.message.reserved.names.includes(name)) continue;
      return `${type.fullName} has no field ${name}`;
    }
    const problem = memberProblem(option, hasColon, value, used, context);
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  const missing = type.message.fields.find(
    ({ label, name }) => label === 'required' && !used.has(`${type.fullName}.${name}`),
  );
  return missing && `${type.fullName} must have a field ${missing.name}`;
}

function memberProblem(
  option: OptionField,
  hasColon: boolean,
  value: OptionLiteral,
  used: Set<string>,
  context: Context,
): string | undefined {
  const { field, fullName } = option;
  if (field.label !== 'repeated' && field.mapKey === undefined) {
    const { oneof } = field;
    const key = oneof === undefined ? fullName : `oneof ${oneof}`;
    if (used.has(key)) return 'expected one value';
    used.add(key);
    used.add(fullName);
    if (value.kind === 'list') return 'expected one value';
  }
  if (!hasColon && !holdsMessage(option, context)) return 'expected a colon';
  const values = value.kind === 'list' ? value.values : [value];
  for (const one of values) {
    const problem = valueProblem(option, one, 'text', context);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function holdsMessage(option: OptionField, { files }: Context): boolean {
  if (option.field.mapKey !== undefined) return true;
  const type = typeOf(option, files);
  return typeof type === 'object' && 'message' in type;
}

/** An entry of a map is a message with the fields `key` and `value`. */
function entryProblem(
  { field, fullName, file }: OptionField,
  entry: OptionLiteral,
  context: Context,
): string | undefined {
  if (entry.kind !== 'message') return 'expected a message in braces';
  const used = new Set<string>();
  for (const { name, hasColon, value } of entry.members) {
    if (name !== 'key' && name !== 'value') return `the entry of a map has no field ${name}`;
    const type = name === 'key' ? String(field.mapKey) : field.type;
    const part = { ...field, type, name, mapKey: undefined, label: undefined };
    const option = { field: part, fullName: `${fullName}.${name}`, file };
    const problem = memberProblem(option, hasColon, value, used, context);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A message in an Any: `[type.googleapis.com/package.Type] { … }`. */
function anyProblem(
  type: OptionMessage,
  name: string,
  value: OptionLiteral,
  context: Context,
): string | undefined {
  if (type.fullName !== 'google.protobuf.Any') return `${type.fullName} has no field ${name}`;
  const typeName = `.${name.slice(name.lastIndexOf('/') + 1, -1)}`;
  const found = findName({ name: typeName, user: '', file: context.from, line: 0 });
  if (!found || !isMessage(found)) return `${typeName.slice(1)} is not declared`;
  if (value.kind !== 'message') return 'expected a message in braces';
  return messageProblem({ ...found, message: found.thing.message }, value.members, context);
}
