import { undeclaredKey } from '../json/json-pointer.ts';
import { enumOnWire } from './enum-on-wire.ts';
import { type MemberKeys, memberKeysOf, typeNameKey } from './field-names.ts';
import type { ProtobufFormatOptions } from './json-mapping.ts';
import { Misfit, rethrowAt } from './misfit.ts';
import type { Field, MessageType, ValueType } from './proto-file.ts';
import { rejectGroup } from './reject-group.ts';
import { scalarOnWire, type WireValue } from './scalars.ts';
import { unknownFields } from './unknown-fields.ts';
import { acceptsNull, wellKnownType } from './well-known-types.ts';
import { maxDepth } from './wire-reader.ts';
import type { WireWriter } from './wire-writer.ts';

/** Writes a field, or the fields of a message. Throws Misfit. */
export type Encoder = (writer: WireWriter, value: unknown, depth: number) => void;

type Members = Record<string | symbol, unknown>;

/**
 * Creates the encoders of messages, which write the bytes of Java's: fields in the order of their numbers,
 * map entries always with key and value, packed fields where declared and, in proto3, by default.
 */
export function createMessageEncoders(
  options: ProtobufFormatOptions,
): (type: MessageType) => Encoder {
  const encoders = new Map<MessageType, Encoder>();
  const asJson = options.values === 'json';
  const refusesUnknown = options.unknownProperties === 'refuse';

  function encoderOf(type: MessageType): Encoder {
    const known = encoders.get(type);
    if (known) return known;
    rejectGroup(type);
    const wellKnown = wellKnownType(type);
    // Compiled on first use, when the encoders of recursive messages exist.
    let fields: [Field, MemberKeys, Encoder][] | undefined;
    let names: Set<string> | undefined;

    const encoder: Encoder = (writer, given, depth) => {
      if (depth > maxDepth) throw new Misfit(`message of at most ${maxDepth} levels`);
      const value = wellKnown ? wellKnown.toMessage(given, asJson) : given;
      if (!hasMembers(value) || value instanceof Map) throw new Misfit(type.fullName);
      fields ??= withEncoders(type.fields);
      let taken: Set<string> | undefined;
      for (const [field, keys, encode] of fields) {
        const member = memberOf(value as Members, keys);
        if (isAbsent(member, field)) {
          if (field.presence !== 'required') continue;
          rethrowAt(keys.key, new Misfit(`required ${field.name}`));
        }
        try {
          if (field.oneof !== undefined) {
            taken ??= new Set();
            checkOneof(field.oneof, taken);
          }
          encode(writer, member, depth);
        } catch (error) {
          rethrowAt(keyOf(value as Members, keys), error);
        }
      }
      if (refusesUnknown) {
        names ??= namesOf(fields);
        rejectUnknown(value as Members, names, type.fullName);
      }
      const unknown = (value as Members)[unknownFields];
      if (unknown instanceof Uint8Array) writer.raw(unknown);
    };
    encoders.set(type, encoder);
    return encoder;
  }

  function withEncoders(fields: readonly Field[]): [Field, MemberKeys, Encoder][] {
    const keysOf = memberKeysOf(fields, options.fieldNames);
    return fields.map((field) => [field, keysOf(field), fieldEncoder(field)]);
  }

  function fieldEncoder(field: Field): Encoder {
    if (field.key) return mapEncoder(field, field.key);
    if (!field.repeated)
      return valueEncoder(field.type, field.number, field.presence === 'implicit');
    return field.packed ? packedEncoder(field) : repeatedEncoder(field);
  }

  function valueEncoder(type: ValueType, number: number, skipsDefault = false): Encoder {
    if (type.kind === 'message') {
      const tag = tagOf(number, 2);
      const encode = encoderOf(type.type);
      return (writer, value, depth) => {
        writer.uint32(tag);
        const start = writer.begin();
        encode(writer, value, depth + 1);
        writer.end(start);
      };
    }
    const wire = wireValueOf(type);
    const tag = tagOf(number, wire.wireType);
    return (writer, value) => {
      const converted = wire.convert(value);
      if (skipsDefault && wire.isDefault(converted)) return;
      writer.uint32(tag);
      wire.write(writer, converted as never);
    };
  }

  function repeatedEncoder({ type, number }: Field): Encoder {
    const encode = valueEncoder(type, number);
    return (writer, values, depth) => {
      eachElement(values, (value) => encode(writer, value, depth));
    };
  }

  function packedEncoder({ type, number }: Field): Encoder {
    const wire = wireValueOf(type as Exclude<ValueType, { kind: 'message' }>);
    const tag = tagOf(number, 2);
    return (writer, values) => {
      if (Array.isArray(values) && values.length === 0) return;
      writer.uint32(tag);
      const start = writer.begin();
      eachElement(values, (value) => wire.write(writer, wire.convert(value) as never));
      writer.end(start);
    };
  }

  function mapEncoder({ type, number }: Field, keyType: ValueType): Encoder {
    const tag = tagOf(number, 2);
    const encodeKey = valueEncoder(keyType, 1);
    const encodeValue = valueEncoder(type, 2);
    const hasBoolKeys = keyType.kind === 'scalar' && keyType.scalar === 'bool';
    return (writer, map, depth) => {
      for (const [key, value] of entriesOf(map)) {
        try {
          writer.uint32(tag);
          const start = writer.begin();
          encodeKey(writer, hasBoolKeys ? boolFrom(key) : key, depth);
          encodeValue(writer, value, depth);
          writer.end(start);
        } catch (error) {
          rethrowAt(undeclaredKey, error);
        }
      }
    };
  }

  return encoderOf;
}

export function wireValueOf(type: Exclude<ValueType, { kind: 'message' }>): WireValue {
  return type.kind === 'enum' ? enumOnWire(type.type) : scalarOnWire(type.scalar, type.checksUtf8);
}

function tagOf(number: number, wireType: number): number {
  return ((number << 3) | wireType) >>> 0;
}

function memberOf(value: Members, { key, otherKey }: MemberKeys): unknown {
  // Invariant: only own members count, so that a field named `constructor` does not find a function.
  if (Object.hasOwn(value, key)) return value[key];
  if (otherKey === undefined || !Object.hasOwn(value, otherKey)) return undefined;
  return value[otherKey];
}

function keyOf(value: Members, { key, otherKey }: MemberKeys): string {
  return otherKey === undefined || Object.hasOwn(value, key) ? key : otherKey;
}

function isAbsent(member: unknown, { type, key, repeated }: Field): boolean {
  if (member === undefined) return true;
  if (member !== null) return false;
  return key !== undefined || repeated || !acceptsNull(type);
}

/** The names that properties of a message can have. */
function namesOf(fields: readonly [Field, MemberKeys, Encoder][]): Set<string> {
  const names = fields.flatMap(([, { key, otherKey }]) => [key, otherKey ?? key]);
  return new Set([...names, typeNameKey]);
}

function rejectUnknown(value: Members, names: ReadonlySet<string>, type: string): void {
  for (const key of Object.keys(value)) {
    if (names.has(key) || value[key] === undefined) continue;
    rethrowAt(undeclaredKey, new Misfit(`no property beside the fields of ${type}`));
  }
}

function checkOneof(oneof: string, taken: Set<string>): void {
  if (taken.has(oneof)) throw new Misfit(`only one of oneof ${oneof}`);
  taken.add(oneof);
}

function eachElement(values: unknown, encode: (value: unknown) => void): void {
  if (!Array.isArray(values)) throw new Misfit('array');
  for (let index = 0; index < values.length; index += 1) {
    try {
      encode(values[index]);
    } catch (error) {
      rethrowAt(index, error);
    }
  }
}

function entriesOf(map: unknown): Iterable<[unknown, unknown]> {
  if (map instanceof Map) return map;
  if (!hasMembers(map)) throw new Misfit('map');
  return Object.entries(map);
}

/** False for objects whose content is not in their members: they would be written as empty messages. */
function hasMembers(value: unknown): value is Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Date || value instanceof Set || ArrayBuffer.isView(value));
}

function boolFrom(key: unknown): unknown {
  return key === 'true' ? true : key === 'false' ? false : key;
}
