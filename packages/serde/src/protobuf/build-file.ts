import { InvalidSchemaError } from '../errors.ts';
import type { SchemaRegistry } from '../registry/schema-registry.ts';
import { entryNameOf, jsonNameOf, typeNameKey, withDistinctNames } from './field-names.ts';
import { resolveMessage, resolveType } from './names/check-names.ts';
import type { LoadedFile } from './names/loaded-files.ts';
import { isScalarType } from './names/scalar-type.ts';
import { join } from './names/symbols.ts';
import { buildOptions } from './options/build-options.ts';
import { optionTypes } from './options/option-types.ts';
import type {
  EnumType,
  Field,
  MessageType,
  Options,
  ProtoFile,
  Service,
  ValueType,
} from './proto-file.ts';
import type { ScalarType } from './scalars.ts';
import type {
  EnumSource,
  FieldSource,
  MessageSource,
  OptionSetting,
  ServiceSource,
} from './source/source-file.ts';

// Options that the model has members for.
const modelled = new Set(['packed', 'json_name', 'map_entry']);

/**
 * The model of the first file. Types of the other files are in it as far as its fields have them.
 *
 * @throws InvalidSchemaError
 */
export function buildFile(
  files: readonly [LoadedFile, ...LoadedFile[]],
  framing: SchemaRegistry['framing'],
): ProtoFile {
  const [file] = files;
  const { packageName, syntax, imports, options, messages, enums, services } = file.source;
  const types = new Map<MessageSource, MessageType>();
  const enumTypes = new Map<EnumSource, EnumType>();
  const messagesByName = new Map<string, MessageType>();
  // Filled one after the other: a stack would limit how many messages a chain of fields may lead to.
  const unfilled: (() => void)[] = [];
  let typesOfOptions: ReadonlySet<MessageSource> | undefined;
  const built: ProtoFile = {
    packageName,
    syntax,
    imports: imports.map(({ path }) => path),
    options: optionsOf('the file', options, join(packageName, '-'), file),
    messages: messages.map((message) => messageOf(message, join(packageName, message.name), file)),
    enums: enums.map((type) => enumOf(type, join(packageName, type.name), file)),
    services: services.map((service) => serviceOf(service)),
    messagesByName,
  };
  for (let fill = unfilled.pop(); fill; fill = unfilled.pop()) fill();
  built.messages.forEach(collect);
  return built;

  function collect(message: MessageType): void {
    messagesByName.set(message.fullName, message);
    message.messages.forEach(collect);
  }

  function messageOf(source: MessageSource, fullName: string, file: LoadedFile): MessageType {
    const known = types.get(source);
    if (known) return known;
    if (source.isGroup) {
      typesOfOptions ??= optionTypes(files);
      if (!typesOfOptions.has(source))
        throw new InvalidSchemaError(`${fullName} is a group; expected a message`);
    }
    const options = optionsOf(fullName, source.options, fullName, file);
    const message: { -readonly [Key in keyof MessageType]: MessageType[Key] } = {
      fullName,
      name: source.name,
      fields: [],
      messages: [],
      enums: [],
      reserved: source.reserved,
      isMapEntry: options.map_entry === true,
      hasGroup: source.isGroup || source.fields.some(({ isGroup }) => isGroup),
      options: withoutModelled(options),
    };
    // Registered before its fields are read, which may have this type.
    types.set(source, message);
    const fill = () => {
      message.messages = source.messages
        .map((nested) => messageOf(nested, join(fullName, nested.name), file))
        .filter(({ isMapEntry }) => !isMapEntry);
      message.enums = source.enums.map((nested) =>
        enumOf(nested, join(fullName, nested.name), file),
      );
      message.fields = withDistinctNames(
        source.fields
          .filter(({ isGroup }) => !isGroup)
          .map((field) => fieldOf(field, join(fullName, field.name), file))
          .sort((left, right) => left.number - right.number),
      );
    };
    // The field that has a map entry as its type needs its key and value.
    if (message.isMapEntry) fill();
    else unfilled.push(fill);
    return message;
  }

  function fieldOf(source: FieldSource, fullName: string, file: LoadedFile): Field {
    const { name, number, label, mapKey } = source;
    const options = optionsOf(fullName, source.options, fullName, file);
    const jsonName = String(options.json_name ?? jsonNameOf(name));
    // Reserved for the type of a message that was read.
    if (jsonName === typeNameKey) {
      throw new InvalidSchemaError(`${fullName} cannot have the JSON name ${typeNameKey}`);
    }
    const type = valueTypeOf(source, fullName, file);
    const isMap = mapKey !== undefined;
    const map = isMap
      ? { key: scalarOf(mapKey as ScalarType, file), value: type, entryName: entryNameOf(name) }
      : label === 'repeated'
        ? declaredMapOf(type)
        : undefined;
    if (map?.value.kind === 'enum' && [...map.value.type.numbers.values()][0] !== 0) {
      throw new InvalidSchemaError(`${fullName}: the enum of a map must begin with the number 0`);
    }
    const repeated = label === 'repeated' && !map;
    const isProto3 = file.source.syntax === 'proto3';
    return {
      name,
      jsonName,
      number,
      type: map?.value ?? type,
      key: map?.key,
      entryName: map?.entryName,
      repeated,
      packed: repeated && isPackable(type) && (options.packed ?? isProto3) === true,
      presence: presenceOf(source, type, isProto3),
      oneof: source.oneof,
      options: withoutModelled(options),
    };
  }

  function valueTypeOf({ type, line }: FieldSource, user: string, file: LoadedFile): ValueType {
    if (isScalarType(type)) return scalarOf(type, file);
    const { thing, fullName, file: from } = resolveType({ name: type, user, file, line }, files);
    if (thing.kind === 'message') {
      return { kind: 'message', type: messageOf(thing.message, fullName, from) };
    }
    if (thing.kind === 'enum') return { kind: 'enum', type: enumOf(thing.enum, fullName, from) };
    throw new InvalidSchemaError(`${user}: expected a message or an enum as type`);
  }

  function enumOf(source: EnumSource, fullName: string, file: LoadedFile): EnumType {
    const known = enumTypes.get(source);
    if (known) return known;
    const options = optionsOf(fullName, source.options, fullName, file);
    const { values, reserved } = source;
    const closed = file.source.syntax === 'proto2';
    const names = new Map<number, string>();
    for (const { name, number } of values) if (!names.has(number)) names.set(number, name);
    const numbers = new Map(values.map(({ name, number }) => [name, number]));
    const type = { fullName, numbers, names, closed, reserved, options: withoutModelled(options) };
    enumTypes.set(source, type);
    return type;
  }

  function serviceOf({ name, rpcs }: ServiceSource): Service {
    const fullName = join(packageName, name);
    return {
      fullName,
      rpcs: rpcs.map(({ name, line, request, response, streamsRequest, streamsResponse }) => {
        const user = join(fullName, name);
        const typeOf = (type: string) =>
          resolveMessage({ name: type, user, file, line }, files).fullName;
        return {
          ...{ name, request: typeOf(request), response: typeOf(response) },
          ...{ streamsRequest, streamsResponse },
        };
      }),
    };
  }

  function optionsOf(
    place: string,
    settings: readonly OptionSetting[],
    user: string,
    file: LoadedFile,
  ): Options {
    return buildOptions(settings, place, user, file, framing === 'glue' ? 'refuse' : 'keep');
  }
}

/** The key and the value of a map that the file declares as a repeated message with `option map_entry = true`. */
function declaredMapOf(type: ValueType) {
  if (type.kind !== 'message' || !type.type.isMapEntry) return undefined;
  const { fullName, name, fields } = type.type;
  const [key, value] = fields;
  if (key?.number !== 1 || key.type.kind !== 'scalar' || value?.number !== 2) {
    throw new InvalidSchemaError(
      `${fullName} is a map entry; expected a key 1 of a scalar type and a value 2`,
    );
  }
  return { key: key.type, value: value.type, entryName: name };
}

function presenceOf(
  { label, mapKey, oneof }: FieldSource,
  type: ValueType,
  isProto3: boolean,
): Field['presence'] {
  if (label === 'repeated' || mapKey !== undefined) return 'implicit';
  if (label === 'required') return 'required';
  const isExplicit =
    !isProto3 || label === 'optional' || oneof !== undefined || type.kind === 'message';
  return isExplicit ? 'explicit' : 'implicit';
}

function scalarOf(scalar: ScalarType, { source }: LoadedFile): ValueType {
  return { kind: 'scalar', scalar, checksUtf8: source.syntax === 'proto3' };
}

function isPackable(type: ValueType): boolean {
  if (type.kind === 'scalar') return type.scalar !== 'string' && type.scalar !== 'bytes';
  return type.kind === 'enum';
}

function withoutModelled(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !modelled.has(name)));
}
