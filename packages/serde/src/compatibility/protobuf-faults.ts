import type { EnumType, Field, MessageType, ProtoFile, ValueType } from '../protobuf/proto-file.ts';
import type { ReaderWriterFault } from './check-history.ts';

type Found = ReaderWriterFault[];
type Path = readonly string[];

const maxFaults = 1000;

// Any of a group is read as any other of it, though a narrower one cuts large values off.
const exchangeable = [
  new Set(['int32', 'uint32', 'int64', 'uint64', 'bool', 'enum']),
  new Set(['sint32', 'sint64']),
  new Set(['string', 'bytes']),
  new Set(['fixed32', 'sfixed32']),
  new Set(['fixed64', 'sfixed64']),
  // A message is the bytes it is in.
  new Set(['message', 'bytes']),
];

/** Whether all that is written by the writer's file can be read by the reader's; empty when it can. */
export function findProtobufFaults(reader: ProtoFile, writer: ProtoFile): Found {
  const compared = new Map<MessageType, Set<MessageType>>();
  return [
    ...compareMessages(reader.messages, writer.messages, []),
    ...compareRpcs(reader, writer),
  ].slice(0, maxFaults);

  function compareMessages(
    readers: readonly MessageType[],
    writers: readonly MessageType[],
    path: Path,
  ): Found {
    return writers.flatMap((from) => {
      const to = readers.find(({ name }) => name === from.name);
      const here = [...path, from.name];
      if (to)
        return [
          ...compare(to, from, here, here),
          ...compareMessages(to.messages, from.messages, here),
        ];
      // A nested one may go with the field that it was for.
      if (path.length > 0) return [];
      return [fault('MESSAGE_REMOVED', [], here, `message ${from.name} is not there`)];
    });
  }

  function compare(
    reader: MessageType,
    writer: MessageType,
    readerPath: Path,
    writerPath: Path,
  ): Found {
    const known = compared.get(reader) ?? new Set();
    compared.set(reader, known);
    if (known.has(writer)) return [];
    known.add(writer);
    const found: Found = [];
    const byNumber = new Map(writer.fields.map((field) => [field.number, field]));
    const byName = new Map(writer.fields.map((field) => [field.name, field]));
    for (const field of reader.fields) {
      const here = [...readerPath, field.name];
      const from = byNumber.get(field.number);
      const renumbered = byName.get(field.name);
      if (from) found.push(...compareField(field, from, here, [...writerPath, from.name]));
      else if (renumbered) {
        const message = `${renumbered.number} is ${field.number}`;
        found.push(fault('FIELD_NUMBER_CHANGED', here, [...writerPath, field.name], message));
      } else if (isReserved(writer.reserved, field)) {
        const message = `number or name is reserved`;
        found.push(fault('RESERVED_FIELD_USED', here, writerPath, message));
      }
      if (field.presence === 'required' && from?.presence !== 'required') {
        const message = `required, and need not have been written`;
        found.push(fault('REQUIRED_FIELD_ADDED', here, writerPath, message));
      }
    }
    found.push(...compareOneofs(reader, writer, readerPath, writerPath));
    return found;
  }

  function compareField(reader: Field, writer: Field, readerPath: Path, writerPath: Path): Found {
    const changed = (type: string, message: string) => fault(type, readerPath, writerPath, message);
    if (reader.key && writer.key) {
      return [
        ...compareType(reader.key, writer.key, readerPath, writerPath),
        ...compareType(reader.type, writer.type, readerPath, writerPath),
      ];
    }
    // On the wire a map is its entries: read as anything else they are messages.
    if (reader.key || writer.key) {
      return [changed('FIELD_KIND_CHANGED', 'a map on one side alone')];
    }
    const isNumeric = ![reader, writer].some(({ type }) => isDelimited(type));
    if (reader.repeated !== writer.repeated && isNumeric) {
      return [changed('FIELD_CARDINALITY_CHANGED', 'repeated on one side alone')];
    }
    return compareType(reader.type, writer.type, readerPath, writerPath);
  }

  function compareType(
    reader: ValueType,
    writer: ValueType,
    readerPath: Path,
    writerPath: Path,
  ): Found {
    if (reader.kind === 'message' && writer.kind === 'message') {
      return compare(reader.type, writer.type, readerPath, writerPath);
    }
    if (reader.kind === 'enum' && writer.kind === 'enum') {
      return compareEnums(reader.type, writer.type, readerPath, writerPath);
    }
    const to = typeNameOf(reader);
    const from = typeNameOf(writer);
    if (to === from || exchangeable.some((group) => group.has(to) && group.has(from))) return [];
    return [fault('FIELD_TYPE_CHANGED', readerPath, writerPath, `${from} is ${to}`)];
  }
}

function compareEnums(
  reader: EnumType,
  writer: EnumType,
  readerPath: Path,
  writerPath: Path,
): Found {
  const found: Found = [];
  for (const [name, number] of writer.numbers) {
    const now = reader.numbers.get(name);
    const message = `${name} = ${number}`;
    if (now !== undefined && now !== number) {
      found.push(
        fault('ENUM_VALUE_NUMBER_CHANGED', readerPath, writerPath, `${message} is ${now}`),
      );
    } else if (reader.closed && !reader.names.has(number)) {
      // An open enum (proto3) keeps a number that it has no name for.
      found.push(fault('ENUM_VALUE_REMOVED', readerPath, writerPath, message));
    }
  }
  return found;
}

/** Fields that could be set together and now exclude each other: the last one read would be all that is left. */
function compareOneofs(
  reader: MessageType,
  writer: MessageType,
  readerPath: Path,
  writerPath: Path,
): Found {
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
    return [
      fault(
        'FIELDS_MOVED_INTO_ONEOF',
        [...readerPath, name],
        writerPath,
        `${names} could be set together`,
      ),
    ];
  });
}

/** A client of the writer's may call what the reader's does not serve. */
function compareRpcs(reader: ProtoFile, writer: ProtoFile): Found {
  return writer.services.flatMap((service) => {
    const name = relativeName(service.fullName, writer);
    const served = reader.services.find(({ fullName }) => relativeName(fullName, reader) === name);
    return service.rpcs.flatMap((rpc) => {
      const path = [name, rpc.name];
      const now = served?.rpcs.find((candidate) => candidate.name === rpc.name);
      if (!now)
        return [fault('RPC_REMOVED', served ? [name] : [], path, `rpc ${rpc.name} is not there`)];
      const same =
        relativeName(now.request, reader) === relativeName(rpc.request, writer) &&
        relativeName(now.response, reader) === relativeName(rpc.response, writer) &&
        now.streamsRequest === rpc.streamsRequest &&
        now.streamsResponse === rpc.streamsResponse;
      return same
        ? []
        : [fault('RPC_SIGNATURE_CHANGED', path, path, `rpc ${rpc.name} takes or returns another`)];
    });
  });
}

function relativeName(fullName: string, { packageName }: ProtoFile): string {
  return packageName && fullName.startsWith(`${packageName}.`)
    ? fullName.slice(packageName.length + 1)
    : fullName;
}

function isReserved({ ranges, names }: MessageType['reserved'], { number, name }: Field): boolean {
  return names.includes(name) || ranges.some(([first, last]) => number >= first && number <= last);
}

function isDelimited(type: ValueType): boolean {
  return type.kind === 'message' || ['string', 'bytes'].includes(typeNameOf(type));
}

function typeNameOf(type: ValueType): string {
  return type.kind === 'scalar' ? type.scalar : type.kind;
}

function fault(type: string, reader: Path, writer: Path, message: string): ReaderWriterFault {
  const [readerLocation, writerLocation] = [reader, writer].map((path) =>
    path.map((name) => `/${name}`).join(''),
  ) as [string, string];
  return { type, location: readerLocation, readerLocation, writerLocation, message };
}
