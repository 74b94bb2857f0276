import { DamagedFrameError } from '../errors.ts';
import { wireValueOf } from './encode-message.ts';
import { unknownEnumNumber } from './enum-on-wire.ts';
import { jsonConverterOf, type ProtobufFormatOptions } from './json-mapping.ts';
import type { Field, MessageType, ValueType } from './proto-file.ts';
import { rejectGroup } from './reject-group.ts';
import type { WireValue } from './scalars.ts';
import { joinUnknown, keepUnknown, keepUnknownNumber } from './unknown-fields.ts';
import { wellKnownType } from './well-known-types.ts';
import { maxDepth, type WireReader } from './wire-reader.ts';

export type Members = Record<string, unknown>;

/** Reads fields up to the reader's `end` into `message`. */
type FieldsDecoder = (reader: WireReader, message: Members, depth: number) => void;

export interface MessageDecoder {
  /** A message with the default values of absent fields. */
  create(): Members;
  decode: FieldsDecoder;
  /** Converts a message that was read completely to the value that is returned. Call once. */
  finish(message: Members): unknown;
}

type FieldDecoder = (
  reader: WireReader,
  message: Members,
  wireType: number,
  depth: number,
) => boolean;

// In a larger oneof the member that is set is looked up: a hostile record may set another with every byte.
// In a smaller one, deleting the few other members is cheaper than the look-up.
const maxRivals = 8;

/** Creates the decoders of messages. They read and reject the same bytes as Java. */
export function createMessageDecoders(
  options: ProtobufFormatOptions,
): (type: MessageType) => MessageDecoder {
  const decoders = new Map<MessageType, MessageDecoder>();
  const asJson = options.values === 'json';

  function decoderOf(type: MessageType): MessageDecoder {
    const known = decoders.get(type);
    if (known) return known;
    rejectGroup(type);
    const wellKnown = wellKnownType(type);
    const nameOf = (field: Field) =>
      options.fieldNames === 'proto' && !wellKnown ? field.name : field.jsonName;
    const required = type.fields.filter(({ presence }) => presence === 'required').map(nameOf);
    // The JSON mapping leaves out absent fields, except in well-known types, which are converted from their fields.
    const showsAbsent = wellKnown !== undefined || !asJson;
    const defaults = type.fields
      .filter(({ key, repeated, type, presence }) => {
        const isScalar = !key && !repeated && type.kind !== 'message';
        return isScalar && presence === 'implicit';
      })
      .map((field) => [nameOf(field), defaultOf(field.type)] as const);
    const scalars: Members = {};
    if (showsAbsent) for (const [name, value] of defaults) define(scalars, name, value);
    const containers = (showsAbsent ? type.fields : [])
      .filter(({ key, repeated }) => key || repeated)
      .map((field) => [nameOf(field), field.repeated] as const);
    // Compiled on first use, when the decoders of recursive messages exist.
    let byNumber: (FieldDecoder | undefined)[] | Map<number, FieldDecoder> | undefined;
    let finishers: [string, (value: unknown) => unknown][] | undefined;
    // For each large oneof: the member that is set in each message.
    const oneofs = new Map<string, WeakMap<Members, string>>();

    const decoder: MessageDecoder = {
      create() {
        const message = { ...scalars };
        for (const [name, isList] of containers) define(message, name, isList ? [] : {});
        return message;
      },

      decode(reader, message, depth) {
        if (depth > maxDepth) throw new DamagedFrameError('nested-too-deeply');
        byNumber ??= decodersByNumber();
        while (reader.pos < reader.end) {
          const start = reader.pos;
          const tag = reader.tag();
          const number = tag >>> 3;
          const decode = Array.isArray(byNumber) ? byNumber[number] : byNumber.get(number);
          if (decode?.(reader, message, tag & 7, depth)) continue;
          reader.pos = start;
          reader.skip(reader.tag());
          keepUnknown(message, reader, start);
        }
      },

      finish(message) {
        joinUnknown(message);
        for (const name of required) {
          if (!Object.hasOwn(message, name)) throw new DamagedFrameError('bad-body');
        }
        // Java does not distinguish an absent field from a written default.
        if (!showsAbsent) {
          for (const [name, value] of defaults)
            if (isEqual(message[name], value)) delete message[name];
        }
        finishers ??= type.fields.flatMap((field) => {
          const finish = finisherOf(field);
          return finish ? [[nameOf(field), finish] as const] : [];
        }) as [string, (value: unknown) => unknown][];
        for (const [name, finish] of finishers) {
          if (Object.hasOwn(message, name)) define(message, name, finish(message[name]));
        }
        const convert = (asJson && wellKnown?.toJson) || wellKnown?.fromMessage;
        return convert ? convert(message) : message;
      },
    };
    decoders.set(type, decoder);
    return decoder;

    function decodersByNumber() {
      const members = Map.groupBy(type.fields, ({ oneof }) => oneof);
      const last = type.fields.at(-1)?.number ?? 0;
      if (last >= 256)
        return new Map(type.fields.map((field) => [field.number, fieldDecoder(field, members)]));
      const list = new Array<FieldDecoder | undefined>(last + 1).fill(undefined);
      for (const field of type.fields) list[field.number] = fieldDecoder(field, members);
      return list;
    }

    function fieldDecoder(
      field: Field,
      members: ReadonlyMap<string | undefined, readonly Field[]>,
    ): FieldDecoder {
      const name = nameOf(field);
      const decode = field.key
        ? mapDecoder(name, field, field.key)
        : field.type.kind === 'message'
          ? messageDecoder(name, field, field.type.type)
          : scalarDecoder(name, field, wireValueOf(field.type));
      if (field.oneof === undefined) return decode;
      const sharing = members.get(field.oneof) ?? [];
      if (sharing.length <= maxRivals + 1) {
        const rivals = sharing.filter((other) => other !== field).map(nameOf);
        return (reader, message, wireType, depth) => {
          const known = decode(reader, message, wireType, depth);
          if (known) for (const rival of rivals) delete message[rival];
          return known;
        };
      }
      const chosen = oneofs.get(field.oneof) ?? new WeakMap<Members, string>();
      oneofs.set(field.oneof, chosen);
      return (reader, message, wireType, depth) => {
        if (!decode(reader, message, wireType, depth)) return false;
        const before = chosen.get(message);
        if (before === name) return true;
        if (before !== undefined) delete message[before];
        chosen.set(message, name);
        return true;
      };
    }
  }

  function scalarDecoder(name: string, field: Field, wire: WireValue): FieldDecoder {
    if (!field.repeated) {
      return (reader, message, wireType) => {
        if (wireType !== wire.wireType) return false;
        const value = wire.read(reader);
        if (value === unknownEnumNumber) return false;
        define(message, name, value);
        return true;
      };
    }
    const unpackedTag = ((field.number << 3) | wire.wireType) >>> 0;
    // Both encodings are read, whether or not the definition says packed.
    return (reader, message, wireType) => {
      const isPacked = wireType === 2 && wire.wireType !== 2;
      if (wireType !== wire.wireType && !isPacked) return false;
      if (!isPacked) {
        const value = wire.read(reader);
        if (value === unknownEnumNumber) return false;
        listOf(message, name).push(value);
        return true;
      }
      const end = reader.enter();
      // An empty packed field is absent.
      const values = reader.pos < reader.end ? listOf(message, name) : [];
      while (reader.pos < reader.end) {
        const value = wire.read(reader);
        if (value !== unknownEnumNumber) values.push(value);
        else keepUnknownNumber(message, reader, unpackedTag, reader.low | 0);
      }
      reader.end = end;
      return true;
    };
  }

  function messageDecoder(name: string, { repeated }: Field, type: MessageType): FieldDecoder {
    const decoder = decoderOf(type);
    return (reader, message, wireType, depth) => {
      if (wireType !== 2) return false;
      // A repeated occurrence of a message is merged into the first.
      const before = repeated || !Object.hasOwn(message, name) ? undefined : message[name];
      const nested = (before as Members | undefined) ?? decoder.create();
      const end = reader.enter();
      decoder.decode(reader, nested, depth + 1);
      reader.end = end;
      if (repeated) listOf(message, name).push(nested);
      else if (!before) define(message, name, nested);
      return true;
    };
  }

  function mapDecoder(name: string, { type }: Field, keyType: ValueType): FieldDecoder {
    const key = wireValueOf(keyType as Exclude<ValueType, { kind: 'message' }>);
    const nested = type.kind === 'message' ? decoderOf(type.type) : undefined;
    const wire = type.kind === 'message' ? undefined : wireValueOf(type);
    return (reader, message, wireType, depth) => {
      if (wireType !== 2) return false;
      let entryKey = key.defaultValue();
      let value = nested ? nested.create() : wire?.defaultValue();
      const end = reader.enter();
      while (reader.pos < reader.end) {
        const tag = reader.tag();
        if (tag === (8 | key.wireType)) entryKey = key.read(reader);
        else if (nested && tag === (16 | 2)) {
          const endOfEntry = reader.enter();
          nested.decode(reader, value as Members, depth + 1);
          reader.end = endOfEntry;
        } else if (wire && tag === (16 | wire.wireType)) value = wire.read(reader);
        else reader.skip(tag);
      }
      reader.end = end;
      if (value === unknownEnumNumber) return false;
      if (!Object.hasOwn(message, name)) define(message, name, {});
      define(message[name] as Members, String(entryKey), value);
      return true;
    };
  }

  function finisherOf({ type, repeated, key }: Field): ((value: unknown) => unknown) | undefined {
    const finish = valueFinisher(type);
    if (!finish) return undefined;
    if (repeated) return (values) => (values as unknown[]).map(finish);
    if (!key) return finish;
    return (map) => {
      for (const [name, value] of Object.entries(map as Members))
        define(map as Members, name, finish(value));
      return map;
    };
  }

  function valueFinisher(type: ValueType): ((value: unknown) => unknown) | undefined {
    if (type.kind !== 'message') return asJson ? jsonConverterOf(type) : undefined;
    const decoder = decoderOf(type.type);
    return (value) => decoder.finish(value as Members);
  }

  return decoderOf;
}

function defaultOf(type: ValueType): unknown {
  return type.kind === 'message' ? undefined : wireValueOf(type).defaultValue();
}

/** Minus zero and zero differ, as in Java. */
function isEqual(value: unknown, scalar: unknown): boolean {
  if (value instanceof Uint8Array) return value.length === 0 && scalar instanceof Uint8Array;
  return Object.is(value, scalar);
}

function listOf(message: Members, name: string): unknown[] {
  if (!Object.hasOwn(message, name)) define(message, name, []);
  return message[name] as unknown[];
}

/** Invariant: a name from the wire or a definition never reaches a prototype. */
function define(target: Members, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value;
  else {
    const descriptor = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(target, name, descriptor);
  }
}
