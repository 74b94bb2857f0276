import { InvalidSchemaError } from '../../errors.ts';
import { jsonNameOf } from '../field-names.ts';
import { resolveMessage, resolveType } from '../names/check-names.ts';
import type { LoadedFile } from '../names/loaded-files.ts';
import type { Resolved } from '../names/resolve-name.ts';
import { isScalarType } from '../names/scalar-type.ts';
import { join, type NamedThing, scopeOf } from '../names/symbols.ts';
import { scalarProblem } from '../options/check-scalar.ts';
import { isTrue } from '../source/is-true.ts';
import type { FieldSource, OptionSetting } from '../source/source-file.ts';
import { declaredJsonName } from './json-names.ts';
import { checkMessageSetExtension } from './message-sets.ts';
import { contains } from './number-ranges.ts';

/** Rejects defaults, JSON names and options that a field of this type and label cannot have. */
export function checkField(
  field: FieldSource,
  fullName: string,
  file: LoadedFile,
  files: readonly LoadedFile[],
): void {
  const { type, line, label, mapKey } = field;
  const isProto3 = file.source.syntax === 'proto3';
  const resolved = isScalarType(type)
    ? undefined
    : resolveType({ name: type, user: fullName, file, line }, files);
  const reject = (problem: string): never => {
    throw new InvalidSchemaError(`line ${line}: ${fullName}: ${problem}`);
  };
  if (isProto3 && field.isGroup) reject('proto3 has no groups');
  if (isProto3 && resolved?.thing.kind === 'enum' && resolved.file.source.syntax === 'proto2') {
    reject(`a field of proto3 cannot have the proto2 enum ${resolved.fullName} as its type`);
  }
  const jsonName = only('json_name', field.options, reject);
  if (jsonName && jsonName.value.kind !== 'string') reject('json_name: expected a string');
  if (declaredJsonName(field)?.includes('\0')) reject('json_name: expected a text without NUL');
  const declared = only('default', field.options, reject);
  if (declared) {
    if (isProto3) reject('proto3 has no defaults');
    if (label === 'repeated' || mapKey !== undefined) reject('a repeated field has no default');
    const problem = defaultProblem(declared, type, resolved);
    if (problem !== undefined) reject(`the default: ${problem}`);
  }
  checkKind(field, mapKey === undefined ? resolved?.thing : 'map', reject);
}

function only(
  name: string,
  options: readonly OptionSetting[],
  reject: (problem: string) => never,
): OptionSetting | undefined {
  const [first, second] = options.filter(({ path }) => path[0] === name);
  if (second) reject(`${name} is set twice`);
  if (first && first.path.length > 1) reject(`${name} has no parts`);
  return first;
}

function defaultProblem(
  { value }: OptionSetting,
  type: string,
  resolved: Resolved | undefined,
): string | undefined {
  // AWS's library prints a default of bytes without quotes.
  const isPrinted = type === 'bytes' && value.kind !== 'message' && value.kind !== 'list';
  if (isPrinted) return undefined;
  if (isScalarType(type)) return scalarProblem(type, value, 'option');
  if (resolved?.thing.kind !== 'enum') return 'a message has no default';
  const { thing, fullName, file } = resolved;
  // Values are named beside their enum. Looking through its values takes too long if many fields have defaults.
  const named =
    value.kind === 'identifier' && file.symbols.get(join(scopeOf(fullName), value.text));
  const isKnown = named && named.kind === 'enum value' && named.enum === thing.enum;
  return isKnown ? undefined : `expected a value of the enum ${thing.enum.name}`;
}

const in64Bits = /^(?:u?int64|sint64|s?fixed64)$/;

/** The options `packed`, `lazy`, `unverified_lazy` and `jstype` belong to some types. */
function checkKind(
  field: FieldSource,
  kind: NamedThing | 'map' | undefined,
  reject: (problem: string) => never,
): void {
  const { type, label, options } = field;
  const isMessage = kind === 'map' || kind?.kind === 'message';
  if (isTrue(field, 'packed')) {
    const isPackable = label === 'repeated' && !isMessage && type !== 'string' && type !== 'bytes';
    if (!isPackable) reject('packed: expected a repeated field of numbers, bool or an enum');
  }
  const isLazy = isTrue(field, 'lazy') || isTrue(field, 'unverified_lazy');
  if (isLazy && (!isMessage || field.isGroup)) reject('lazy: expected a field of a message');
  const jsType = options.find(({ path }) => path.join('.') === 'jstype')?.value;
  const isUsual = jsType?.kind === 'identifier' && jsType.text === 'JS_NORMAL';
  if (jsType && !isUsual && (kind !== undefined || !in64Bits.test(type))) {
    reject('jstype: expected a field of 64-bit integers');
  }
}

/** Rejects an extension whose number the message does not offer, or with options that only fields have. */
export function checkExtension(
  field: FieldSource,
  extendee: string,
  fullName: string,
  file: LoadedFile,
  files: readonly LoadedFile[],
): void {
  const { line, number } = field;
  const resolved = resolveMessage({ name: extendee, user: fullName, file, line }, files);
  const reject = (problem: string): never => {
    throw new InvalidSchemaError(`line ${line}: ${fullName}: ${problem}`);
  };
  if (!contains(resolved.thing.message.extensionRanges, number)) {
    reject(`${resolved.fullName} does not declare ${number} as the number of an extension`);
  }
  if (
    file.source.syntax === 'proto3' &&
    !/^google\.protobuf\.(?:\w+Options|FeatureSet)$/.test(resolved.fullName)
  ) {
    reject('extensions of proto3 can only extend the options of google.protobuf');
  }
  checkMessageSetExtension(field, fullName, resolved, file, files);
  if (isTrue(field, 'unverified_lazy')) reject('an extension cannot be unverified_lazy');
  const jsonName = declaredJsonName(field);
  if (jsonName !== undefined && jsonName !== jsonNameOf(field.name)) {
    reject('an extension cannot have a json_name');
  }
}
