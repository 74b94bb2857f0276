import { DamagedFrameError } from '../errors.ts';
import type { SchemaRegistry } from '../registry/schema-registry.ts';
import type { MessageType, ProtoFile } from './proto-file.ts';
import type { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/** The bytes before a body that say which message of the file it is. */
export interface MessageIndexes {
  prefixOf(message: MessageType): Buffer;
  /** `undefined` if the file has no such message. */
  read(reader: WireReader): MessageType | undefined;
}

/** Creates the indexes that the body's frame uses. */
export function createMessageIndexes(
  file: ProtoFile,
  framing: SchemaRegistry['framing'],
): MessageIndexes {
  const { read, pathOf } = framing === 'glue' ? glueIndex(file) : confluentIndexes(file);
  const prefixes = new Map<MessageType, Buffer>();
  for (const message of file.messagesByName.values()) {
    const writer = new WireWriter();
    for (const index of pathOf(message)) writer.uint32(index);
    prefixes.set(message, Buffer.from(writer.written()));
  }
  return { read, prefixOf: (message) => prefixes.get(message) as Buffer };
}

interface Indexes extends Pick<MessageIndexes, 'read'> {
  /** The varints before a body. */
  pathOf(message: MessageType): readonly number[];
}

/**
 * One varint: the position of the message in the list of all messages of the file, sorted by full name.
 * The list includes nested messages and the entries of maps.
 *
 * Source: awslabs/aws-glue-schema-registry, `MessageIndexFinder.java`.
 */
function glueIndex(file: ProtoFile): Indexes {
  const named: [string, MessageType | undefined][] = [];
  for (const message of file.messagesByName.values()) {
    named.push([message.fullName, message]);
    for (const { entryName } of message.fields) {
      if (entryName) named.push([`${message.fullName}.${entryName}`, undefined]);
    }
  }
  const messages = named
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, message]) => message);
  const positions = new Map(messages.map((message, position) => [message, position]));
  return {
    pathOf: (message) => [positions.get(message) as number],
    read(reader) {
      const index = reader.varint();
      return reader.high === 0 ? messages[index] : undefined;
    },
  };
}

/**
 * The path to the message: a count and then that many indexes, each a zigzag varint. The first index is a
 * position among the top-level messages, the next one among the messages declared in that message, and so on.
 * The usual path, to the first message, is the single byte 0.
 *
 * Source: Confluent Platform documentation, "Formats, Serializers, and Deserializers", wire format.
 */
function confluentIndexes(file: ProtoFile): Indexes {
  const paths = new Map<MessageType, readonly number[]>();
  addPaths(file.messages, [], paths);
  return {
    pathOf(message) {
      if (message === file.messages[0]) return [0];
      const path = paths.get(message) ?? [];
      return [path.length, ...path].map((index) => index * 2);
    },
    read(reader) {
      const count = unsigned(reader);
      if (count === 0) return file.messages[0];
      let found: MessageType | undefined;
      for (let level = 0; level < count; level += 1) {
        found = (found ?? file).messages[unsigned(reader)];
        if (!found) return undefined;
      }
      return found;
    },
  };
}

/** Reads a zigzag varint. A negative one is damage. */
function unsigned(reader: WireReader): number {
  const zigzag = reader.varint();
  if (reader.high !== 0 || (zigzag & 1) === 1) throw new DamagedFrameError('bad-body');
  return zigzag >>> 1;
}

function addPaths(
  among: readonly MessageType[],
  around: readonly number[],
  paths: Map<MessageType, readonly number[]>,
): void {
  for (const [index, message] of among.entries()) {
    const path = [...around, index];
    paths.set(message, path);
    addPaths(message.messages, path, paths);
  }
}
