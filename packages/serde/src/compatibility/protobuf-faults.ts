import { reservedFields } from '../protobuf/declared-numbers.ts';
import type { EnumType, Field, MessageType, ProtoFile, ValueType } from '../protobuf/proto-file.ts';
import { beyondInWords, type ComparisonWork, isBeyond, workLimits } from './comparison-work.ts';
import type { Fault } from './fault.ts';
import { call, type Nested, runNestedUntil } from './nested-calls.ts';
import { below, type Path } from './path.ts';

/** The names that lead to a message or a field. */
interface Place {
  readonly reader: Path;
  readonly writer: Path;
}

/** A fault of a pair of enums, without the field that has them. */
type EnumFault = readonly [type: string, message: string];

const maxFaults = 1000;

// Types of one group can read each other, though a narrower one truncates large values.
const exchangeable = [
  new Set(['int32', 'uint32', 'int64', 'uint64', 'bool', 'enum']),
  new Set(['sint32', 'sint64']),
  new Set(['string', 'bytes']),
  new Set(['fixed32', 'sfixed32']),
  new Set(['fixed64', 'sfixed64']),
  // An encoded message is length-delimited, as bytes are.
  new Set(['message', 'bytes']),
];

/**
 * Why data of the writer's file cannot be read with the reader's, at most 1000 faults; empty if it can. A comparison beyond
 * the limits ends with the fault TOO_COMPLEX.
 *
 * @param work is counted up
 */
export function findProtobufFaults(
  reader: ProtoFile,
  writer: ProtoFile,
  limits: Readonly<ComparisonWork> = workLimits,
  work: ComparisonWork = { pairs: 0, steps: 0 },
): readonly Fault[] {
  const found: Fault[] = [];
  const compared = new Map<MessageType, Set<MessageType>>();
  const enumFaults = new Map<EnumType, Map<EnumType, readonly EnumFault[]>>();
  const isOver = () => found.length >= maxFaults || isBeyond(limits, work);
  runNestedUntil(compareMessages(reader.messages, writer.messages, undefined), isOver);
  if (isBeyond(limits, work)) {
    const last = faultAt('TOO_COMPLEX', undefined, undefined, beyondInWords(limits));
    return [...found.slice(0, maxFaults - 1), last];
  }
  return [...found, ...compareRpcs(reader, writer)].slice(0, maxFaults);

  function* compareMessages(
    readers: readonly MessageType[],
    writers: readonly MessageType[],
    path: Path,
  ): Nested<void> {
    const byName = new Map(readers.map((message) => [message.name, message]));
    for (const from of writers) {
      const to = byName.get(from.name);
      const here = below(path, from.name);
      if (to) {
        yield* call(compare(to, from, { reader: here, writer: here }));
        yield* call(compareMessages(to.messages, from.messages, here));
      } else if (!path) {
        // A nested message may be removed with its field.
        const message = `message ${from.name} was removed`;
        found.push(faultAt('MESSAGE_REMOVED', undefined, here, message));
      }
    }
  }

  function* compare(reader: MessageType, writer: MessageType, place: Place): Nested<void> {
    const known = compared.get(reader) ?? new Set();
    compared.set(reader, known);
    if (known.has(writer)) return;
    known.add(writer);
    work.pairs += 1;
    const { ranges, names } = writer.reserved;
    work.steps += 1 + reader.fields.length + writer.fields.length + ranges.length + names.length;
    const byNumber = new Map(writer.fields.map((field) => [field.number, field]));
    const byName = new Map(writer.fields.map((field) => [field.name, field]));
    const reserved = reservedFields(reader.fields, writer.reserved);
    for (const field of reader.fields) {
      const here = below(place.reader, field.name);
      const from = byNumber.get(field.number);
      const renumbered = byName.get(field.name);
      const there = below(place.writer, (from ?? field).name);
      if (from) {
        yield* call(compareField(field, from, { reader: here, writer: there }));
      } else if (renumbered) {
        const message = `${renumbered.number} is ${field.number}`;
        found.push(faultAt('FIELD_NUMBER_CHANGED', here, there, message));
      } else if (reserved.has(field)) {
        const message = 'number or name is reserved';
        found.push(faultAt('RESERVED_FIELD_USED', here, place.writer, message));
      }
      if (field.presence === 'required' && from?.presence !== 'required') {
        const message = 'the field is required, but old data may lack it';
        found.push(faultAt('REQUIRED_FIELD_ADDED', here, place.writer, message));
      }
    }
    for (const one of compareOneofs(reader, writer, place)) found.push(one);
  }

  function* compareField(reader: Field, writer: Field, place: Place): Nested<void> {
    if (reader.key && writer.key) {
      yield* call(compareType(reader.key, writer.key, place));
      yield* call(compareType(reader.type, writer.type, place));
      return;
    }
    const isNumeric = ![reader, writer].some(({ type }) => isDelimited(type));
    if (reader.key || writer.key) {
      // A map is encoded as entry messages, which another type would read as such.
      found.push(fault('FIELD_KIND_CHANGED', place, 'only one side is a map'));
    } else if (reader.repeated !== writer.repeated && isNumeric) {
      found.push(fault('FIELD_CARDINALITY_CHANGED', place, 'only one side is repeated'));
    } else yield* call(compareType(reader.type, writer.type, place));
  }

  function* compareType(reader: ValueType, writer: ValueType, place: Place): Nested<void> {
    if (reader.kind === 'message' && writer.kind === 'message') {
      yield* call(compare(reader.type, writer.type, place));
      return;
    }
    if (reader.kind === 'enum' && writer.kind === 'enum') {
      for (const [type, message] of enumFaultsOf(reader.type, writer.type))
        found.push(fault(type, place, message));
      return;
    }
    const to = typeNameOf(reader);
    const from = typeNameOf(writer);
    if (to === from || exchangeable.some((group) => group.has(to) && group.has(from))) return;
    found.push(fault('FIELD_TYPE_CHANGED', place, `${from} is ${to}`));
  }

  /** Every field that has a pair of enums reports its faults, but the pair is compared once. */
  function enumFaultsOf(reader: EnumType, writer: EnumType): readonly EnumFault[] {
    const byWriter = enumFaults.get(reader) ?? new Map<EnumType, readonly EnumFault[]>();
    enumFaults.set(reader, byWriter);
    const known = byWriter.get(writer);
    if (known) return known;
    work.pairs += 1;
    work.steps += 1 + writer.numbers.size;
    const found = compareEnums(reader, writer);
    byWriter.set(writer, found);
    return found;
  }
}

function compareEnums(reader: EnumType, writer: EnumType): readonly EnumFault[] {
  const found: EnumFault[] = [];
  for (const [name, number] of writer.numbers) {
    const now = reader.numbers.get(name);
    const message = `${name} = ${number}`;
    if (now !== undefined && now !== number) {
      found.push(['ENUM_VALUE_NUMBER_CHANGED', `${message} is ${now}`]);
    } else if (reader.closed && !reader.names.has(number)) {
      // An open enum (proto3) keeps a number without a name.
      found.push(['ENUM_VALUE_REMOVED', message]);
    }
  }
  return found;
}

/** Fields that could be set together and now exclude each other: the reader would keep only the last. */
function compareOneofs(reader: MessageType, writer: MessageType, place: Place): readonly Fault[] {
  const byNumber = new Map(writer.fields.map((field) => [field.number, field]));
  const oneofs = Map.groupBy(
    reader.fields.filter(({ oneof }) => oneof !== undefined),
    ({ oneof }) => oneof as string,
  );
  return [...oneofs].flatMap(([name, members]) => {
    const before = members.flatMap(({ number }) => byNumber.get(number) ?? []);
    const groups = new Set(before.map(({ oneof, number }) => oneof ?? `#${number}`));
    if (groups.size <= 1) return [];
    const names = before.map((field) => field.name).join(', ');
    const here = { ...place, reader: below(place.reader, name) };
    return [fault('FIELDS_MOVED_INTO_ONEOF', here, `${names} could be set together`)];
  });
}

/** A client of the writer's file may call an RPC that the reader's file lacks. */
function compareRpcs(reader: ProtoFile, writer: ProtoFile): readonly Fault[] {
  const services = new Map(
    reader.services.map((service) => [relativeName(service.fullName, reader), service]),
  );
  return writer.services.flatMap((service) => {
    const name = relativeName(service.fullName, writer);
    const served = services.get(name);
    const rpcs = new Map(served?.rpcs.map((rpc) => [rpc.name, rpc]));
    return service.rpcs.flatMap((rpc) => {
      const service = below(undefined, name);
      const path = below(service, rpc.name);
      const now = rpcs.get(rpc.name);
      if (!now)
        return [faultAt('RPC_REMOVED', served && service, path, `rpc ${rpc.name} was removed`)];
      const same =
        relativeName(now.request, reader) === relativeName(rpc.request, writer) &&
        relativeName(now.response, reader) === relativeName(rpc.response, writer) &&
        now.streamsRequest === rpc.streamsRequest &&
        now.streamsResponse === rpc.streamsResponse;
      const message = `rpc ${rpc.name} has another request or response`;
      return same ? [] : [faultAt('RPC_SIGNATURE_CHANGED', path, path, message)];
    });
  });
}

function relativeName(fullName: string, { packageName }: ProtoFile): string {
  return packageName && fullName.startsWith(`${packageName}.`)
    ? fullName.slice(packageName.length + 1)
    : fullName;
}

function isDelimited(type: ValueType): boolean {
  return type.kind === 'message' || ['string', 'bytes'].includes(typeNameOf(type));
}

function typeNameOf(type: ValueType): string {
  return type.kind === 'scalar' ? type.scalar : type.kind;
}

function fault(type: string, { reader, writer }: Place, message: string): Fault {
  return faultAt(type, reader, writer, message);
}

function faultAt(type: string, reader: Path, writer: Path, message: string): Fault {
  return { type, reader, writer, message };
}
