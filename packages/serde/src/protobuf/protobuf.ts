import type { Codec, CodecOptions, SchemaFormat } from '../codec.ts';
import { findReadFaults } from '../compatibility/check-history.ts';
import { findProtobufFaults } from '../compatibility/protobuf-faults.ts';
import { DamagedFrameError, InvalidSchemaError, SchemaMismatchError } from '../errors.ts';
import {
  aText,
  aTextOrEmpty,
  checkOptions,
  oneOf,
  required,
  textsByName,
} from '../option-checks.ts';
import type { SchemaText } from '../registry/schema-registry.ts';
import { checkSchema, someReferences } from '../schema-shapes.ts';
import { createMessageDecoders, type MessageDecoder } from './decode-message.ts';
import { createMessageEncoders } from './encode-message.ts';
import { typeNameKey } from './field-names.ts';
import type { ProtobufFormatOptions } from './json-mapping.ts';
import { createMessageIndexes } from './message-index.ts';
import { Misfit } from './misfit.ts';
import { parseProto } from './parse-proto.ts';
import type { MessageType, ProtoFile } from './proto-file.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

// Shared by all codecs: thousands of schemas must not keep a buffer each, nor a big record its buffer.
const maxIdleBytes = 1024 * 1024;
let idleWriter: WireWriter | undefined;

/**
 * Protobuf, proto2 and proto3, in the same bytes as Java's library.
 *
 * A definition is the text of one .proto file, written by hand or registered by the Java library. It may
 * import Google's well-known types. The message that is written is the one that `message` names (with or
 * without the package), else the type that the value was read as, else the first of the file.
 *
 * Writing accepts the values that reading gives, the Protobuf JSON mapping (integers as digits, bytes as
 * base64, a Timestamp as RFC 3339), a Date for a Timestamp, and a Map for a map. Enum values are names, or
 * numbers without a name. null means absent. Properties that are not fields are
 * ignored, unless `unknownProperties` says otherwise.
 *
 * @throws TypeError an option is not what it may be
 */
export function protobufFormat(options: ProtobufFormatOptions = {}): SchemaFormat {
  checkFormatOptions('protobufFormat', options);
  return {
    dataFormat: 'PROTOBUF',
    compile: (schema, codecOptions) => compileProtobuf(schema, codecOptions, options),
    findReadFaults: (reader, writer, { framing }) =>
      findReadFaults(
        [reader, writer],
        ({ definition, references }) =>
          parseProto(definition, references, { imports: options.imports, framing }),
        findProtobufFaults,
      ),
  };
}

function checkFormatOptions(owner: string, options: ProtobufFormatOptions): void {
  checkOptions(owner, options, {
    values: oneOf('plain', 'json'),
    fieldNames: oneOf('json', 'proto'),
    imports: textsByName,
    unknownProperties: oneOf('ignore', 'refuse'),
  });
}

/**
 * A codec for one definition. The body begins with the message indexes of the framing.
 *
 * Encoding throws SchemaMismatchError; decoding throws DamagedFrameError (`bad-body`,
 * `truncated-body`, `nested-too-deeply` beyond 100 nested messages).
 *
 * @throws TypeError the schema is not `{ definition }` with a text, or an option is not what it may be
 * @throws InvalidSchemaError the definition is not a .proto file, or lacks the message
 */
export function compileProtobuf(
  schema: SchemaText,
  codecOptions: CodecOptions,
  options: ProtobufFormatOptions = {},
): Codec {
  checkSchema('compileProtobuf', schema?.definition, schema?.references);
  checkFormatOptions('compileProtobuf', options);
  checkOptions('compileProtobuf', codecOptions, {
    framing: required(oneOf('glue', 'confluent')),
    message: aText,
    readerDefinition: aTextOrEmpty,
    readerReferences: someReferences,
  });
  const { framing, message, readerDefinition, readerReferences } = codecOptions;
  const importing = { imports: options.imports, framing };
  const file = parseProto(schema.definition, schema.references, importing);
  const indexes = createMessageIndexes(file, framing);
  const encoderOf = createMessageEncoders(options);
  const decoderOf = createMessageDecoders(options);
  const readerFile =
    readerDefinition === undefined
      ? file
      : parseProto(readerDefinition, readerReferences, importing);
  const chosen = message === undefined ? undefined : named(file, message);
  if (message !== undefined && !chosen) {
    throw new InvalidSchemaError(`the file has no message ${message}`);
  }

  return {
    encode(value, target, offset) {
      const type = chosen ?? typeOf(value) ?? first(file);
      // A getter of the value may encode another record before this one is complete.
      const writer = idleWriter ?? new WireWriter();
      idleWriter = undefined;
      try {
        writer.pos = 0;
        writer.raw(indexes.prefixOf(type));
        encoderOf(type)(writer, value, 1);
        const body = writer.written();
        const missingBytes = offset + body.length - target.length;
        if (missingBytes > 0) return -missingBytes;
        target.set(body, offset);
        return offset + body.length;
      } catch (error) {
        throw error instanceof Misfit ? error.asError() : error;
      } finally {
        if (writer.capacityBytes <= maxIdleBytes) idleWriter = writer;
      }
    },

    decode(bytes, offset) {
      const reader = new WireReader(bytes, offset);
      const written = indexes.read(reader);
      if (!written) throw new DamagedFrameError('bad-body');
      const type = readerFile === file ? written : readerFile.messagesByName.get(written.fullName);
      if (!type)
        throw new InvalidSchemaError(`the reader's definition has no message ${written.fullName}`);
      return readMessage(reader, type, decoderOf(type));
    },
  };

  /** The message that a value was read as. */
  function typeOf(value: unknown): MessageType | undefined {
    if (typeof value !== 'object' || value === null || !(typeNameKey in value)) return undefined;
    const name = value[typeNameKey];
    if (typeof name !== 'string') return undefined;
    const found = named(file, name);
    if (!found) throw new SchemaMismatchError(`/${typeNameKey}`, 'message of the file');
    return found;
  }
}

function readMessage(reader: WireReader, type: MessageType, decoder: MessageDecoder): unknown {
  const message = decoder.create();
  decoder.decode(reader, message, 1);
  const value = decoder.finish(message);
  // A Struct may have a member of that name.
  if (typeof value === 'object' && value !== null && !Object.hasOwn(value, typeNameKey)) {
    Object.defineProperty(value, typeNameKey, { value: type.fullName, configurable: true });
  }
  return value;
}

function named({ packageName, messagesByName }: ProtoFile, name: string): MessageType | undefined {
  const qualified = packageName === '' ? name : `${packageName}.${name}`;
  return messagesByName.get(qualified) ?? messagesByName.get(name);
}

function first({ messages }: ProtoFile): MessageType {
  const [message] = messages;
  if (!message) throw new InvalidSchemaError('the file has no message');
  return message;
}
