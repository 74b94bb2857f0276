import protobuf from 'protobufjs';
import { InvalidSchemaError } from '../errors.ts';
import type { SchemaRegistry } from '../registry/schema-registry.ts';
import { entryNameOf, jsonNameOf, typeNameKey, withDistinctNames } from './field-names.ts';
import type {
  EnumType,
  Field,
  MessageType,
  Options,
  ProtoFile,
  Reserved,
  Service,
  ValueType,
} from './proto-file.ts';
import { addImports, type Imported, importsOf } from './proto-imports.ts';
import { syntaxOf } from './proto-text.ts';
import type { ScalarType } from './scalars.ts';

// Members of protobufjs types that its declarations leave out.
interface Declared {
  group?: boolean;
  reserved?: (number[] | string)[];
  _features: Record<string, string>;
}

const maxFieldNumber = 2 ** 29 - 1;

/**
 * Parses the text of a .proto file, proto2 or proto3, written by hand or printed by Square Wire (maps as
 * `repeated XEntry` with `option map_entry = true`). Groups, editions and features are rejected. Extensions are
 * ignored, so their fields are unknown fields.
 *
 * @param references files that it imports, besides those that the Java library of the frame brings along
 * @throws InvalidSchemaError
 */
export function parseProto(
  definition: string,
  references: readonly Imported[] = [],
  framing: SchemaRegistry['framing'] = 'glue',
): ProtoFile {
  try {
    return readFile(definition, references, framing);
  } catch (error) {
    if (error instanceof InvalidSchemaError) throw error;
    if (error instanceof RangeError) throw new InvalidSchemaError('the messages nest too deeply');
    throw new InvalidSchemaError((error as Error).message);
  }
}

function readFile(
  definition: string,
  references: readonly Imported[],
  framing: SchemaRegistry['framing'],
): ProtoFile {
  const syntax = syntaxOf(definition);
  const root = new protobuf.Root();
  const parsed = protobuf.parse(definition, root, { keepCase: true });
  const scope = parsed.package ? root.lookup(parsed.package) : root;
  // Invariant: collected before the imports are added, which may be in the same package.
  const own = scope instanceof protobuf.Namespace ? [...scope.nestedArray] : [];
  const imports = importsOf(parsed);
  addImports(root, imports, references, framing);
  root.resolveAll();

  const types = new Map<protobuf.Type, MessageType>();
  const enums = new Map<protobuf.Enum, EnumType>();
  const file: ProtoFile = {
    packageName: parsed.package ?? '',
    syntax,
    imports,
    options: optionsOf(root),
    messages: own.filter((entry) => entry instanceof protobuf.Type).map(messageOf),
    enums: own.filter((entry) => entry instanceof protobuf.Enum).map(enumOf),
    services: own.filter((entry) => entry instanceof protobuf.Service).map(serviceOf),
    messagesByName: new Map(),
  };
  const collect = (message: MessageType): void => {
    (file.messagesByName as Map<string, MessageType>).set(message.fullName, message);
    message.messages.forEach(collect);
  };
  file.messages.forEach(collect);
  return file;

  function messageOf(type: protobuf.Type): MessageType {
    const known = types.get(type);
    if (known) return known;
    if ((type as unknown as Declared).group) {
      throw new InvalidSchemaError(`${nameOf(type)} is a group; expected a message`);
    }
    if (type.getOption('message_set_wire_format') === true) {
      throw new InvalidSchemaError(`${nameOf(type)} is a message set; expected a message`);
    }
    const { fullName, name } = type;
    const message: { -readonly [Key in keyof MessageType]: MessageType[Key] } = {
      fullName: fullName.slice(1),
      name,
      fields: [],
      messages: [],
      enums: [],
      reserved: reservedOf(type),
      isMapEntry: type.getOption('map_entry') === true,
      options: optionsOf(type),
    };
    // Registered before its fields are read, which may have this type.
    types.set(type, message);
    const nested = type.nestedArray
      .filter((entry) => entry instanceof protobuf.Type)
      .map(messageOf);
    message.messages = nested.filter(({ isMapEntry }) => !isMapEntry);
    message.enums = type.nestedArray.filter((entry) => entry instanceof protobuf.Enum).map(enumOf);
    message.fields = withDistinctNames(
      type.fieldsArray
        .filter((field) => !field.declaringField)
        .map(fieldOf)
        .sort((left, right) => left.number - right.number),
    );
    return message;
  }

  function fieldOf(field: protobuf.Field): Field {
    const { name, id: number, options } = field;
    if (number < 1 || number > maxFieldNumber || (number >= 19_000 && number <= 19_999)) {
      throw new InvalidSchemaError(
        `${nameOf(field)} has number ${number}; expected 1 to ${maxFieldNumber}, without 19000 to 19999`,
      );
    }
    const jsonName = String(options?.json_name ?? jsonNameOf(name));
    // Reserved for the type of a message that was read.
    if (jsonName === typeNameKey) {
      throw new InvalidSchemaError(`${nameOf(field)} cannot have the JSON name ${typeNameKey}`);
    }
    const type = valueTypeOf(field);
    const map = mapOf(field, type);
    return {
      name,
      jsonName,
      number,
      type: map?.value ?? type,
      key: map?.key,
      entryName: map?.entryName,
      repeated: field.repeated && !map,
      packed: field.repeated && field.packed && isPackable(type),
      presence: presenceOf(field),
      oneof: options?.proto3_optional ? undefined : field.partOf?.name,
      options: optionsOf(field),
    };
  }

  function valueTypeOf(field: protobuf.Field): ValueType {
    const type = field.resolvedType;
    if (type instanceof protobuf.Type) return { kind: 'message', type: messageOf(type) };
    if (type instanceof protobuf.Enum) return { kind: 'enum', type: enumOf(type) };
    return scalarOf(field.type as ScalarType, field);
  }

  function enumOf(type: protobuf.Enum): EnumType {
    const known = enums.get(type);
    if (known) return known;
    const numbers = new Map(Object.entries(type.values));
    for (const [name, number] of numbers) {
      if (number === (number | 0)) continue;
      throw new InvalidSchemaError(
        `${nameOf(type)}.${name} has number ${number}; expected a 32-bit integer`,
      );
    }
    const names = new Map([...numbers].reverse().map(([name, number]) => [number, name]));
    const closed = (type as unknown as Declared)._features.enum_type === 'CLOSED';
    if (!closed && [...numbers.values()][0] !== 0) {
      throw new InvalidSchemaError(`${nameOf(type)} must begin with the number 0`);
    }
    const read = {
      fullName: type.fullName.slice(1),
      numbers,
      names,
      closed,
      reserved: reservedOf(type),
      options: optionsOf(type),
    };
    enums.set(type, read);
    return read;
  }
}

function mapOf(field: protobuf.Field, type: ValueType) {
  if (field instanceof protobuf.MapField) {
    const key = scalarOf(field.keyType as ScalarType, field);
    return { key, value: type, entryName: entryNameOf(field.name) };
  }
  if (!field.repeated || type.kind !== 'message' || !type.type.isMapEntry) return undefined;
  const { fullName, name, fields } = type.type;
  const [key, value] = fields;
  if (key?.number !== 1 || key.type.kind !== 'scalar' || value?.number !== 2) {
    throw new InvalidSchemaError(
      `${fullName} is a map entry; expected a key 1 of a scalar type and a value 2`,
    );
  }
  return { key: key.type, value: value.type, entryName: name };
}

function presenceOf(field: protobuf.Field): Field['presence'] {
  if (field.repeated || field instanceof protobuf.MapField) return 'implicit';
  if (field.required) return 'required';
  const explicit = field.hasPresence || field.resolvedType instanceof protobuf.Type;
  return explicit ? 'explicit' : 'implicit';
}

function scalarOf(scalar: ScalarType, field: protobuf.Field): ValueType {
  const { utf8_validation } = (field as unknown as Declared)._features;
  return { kind: 'scalar', scalar, checksUtf8: utf8_validation === 'VERIFY' };
}

function isPackable(type: ValueType): boolean {
  if (type.kind === 'scalar') return type.scalar !== 'string' && type.scalar !== 'bytes';
  return type.kind === 'enum';
}

function reservedOf(type: protobuf.Type | protobuf.Enum): Reserved {
  const reserved = (type as unknown as Declared).reserved ?? [];
  return {
    ranges: reserved.filter((entry) => typeof entry !== 'string') as unknown as [number, number][],
    names: reserved.filter((entry) => typeof entry === 'string'),
  };
}

const modelled = new Set(['packed', 'json_name', 'proto3_optional', 'map_entry']);

function optionsOf(declared: protobuf.ReflectionObject): Options {
  const { options = {} } = declared;
  const feature = Object.keys(options).find((name) => /^features\b/.test(name));
  if (feature !== undefined) {
    const place = nameOf(declared) || 'the file';
    throw new InvalidSchemaError(`${place} has the option ${feature}: features are not supported`);
  }
  return Object.fromEntries(Object.entries(options).filter(([name]) => !modelled.has(name)));
}

function serviceOf(service: protobuf.Service): Service {
  return {
    fullName: service.fullName.slice(1),
    rpcs: service.methodsArray.map((method) => ({
      name: method.name,
      request: method.resolvedRequestType?.fullName.slice(1) ?? method.requestType,
      response: method.resolvedResponseType?.fullName.slice(1) ?? method.responseType,
      streamsRequest: method.requestStream ?? false,
      streamsResponse: method.responseStream ?? false,
    })),
  };
}

/** The full name of a declaration, for errors. */
function nameOf({ fullName }: protobuf.ReflectionObject): string {
  return fullName.replace(/^\./, '');
}
