import type { Codec, SchemaFormat } from '../codec.ts';
import { DamagedFrameError, InvalidSchemaError, UndecodableError } from '../errors.ts';
import { aTextOrEmpty } from '../option-checks.ts';
import type { SchemaText } from '../registry/schema-registry.ts';
import { checkSchema, someReferences } from '../schema-shapes.ts';
import type { Read } from './read/read.ts';
import { compileReader } from './read/reader.ts';
import { type Action, resolve } from './read/resolution.ts';
import { findAvroReadFaults } from './read-faults.ts';
import { parseAvro } from './schema/parse-avro.ts';
import type { Tap } from './tap.ts';
import { checkWriteOptions, type WriteOptions } from './write/write-options.ts';
import { compileWriter, type Write } from './write/writer.ts';

/** How Avro is read and written. */
export interface AvroOptions extends WriteOptions {
  /** The reader schema: records are resolved to it by Avro's rules. Default: the writer schema. */
  readerDefinition?: string | undefined;
  /** The schemas that the reader schema refers to, each before those that refer to it. */
  readerReferences?: SchemaText['references'];
  /** The schemas that the definition refers to, each before those that refer to it. */
  references?: SchemaText['references'];
}

/**
 * Avro (specification 1.12), binary encoding.
 *
 * @throws TypeError an option is not what it may be
 */
export function avroFormat(options: WriteOptions = {}): SchemaFormat {
  checkWriteOptions('avroFormat', options);
  return {
    dataFormat: 'AVRO',
    compile: ({ definition, references }, { readerDefinition, readerReferences }) =>
      compileAvro(definition, {
        ...options,
        ...{ references, readerDefinition, readerReferences },
      }),
    findReadFaults: (reader, writer) => compiled(() => findAvroReadFaults(reader, writer)),
  };
}

/**
 * Compiles an Avro definition to a codec of its binary encoding.
 *
 * Values: records and maps are plain objects, arrays are arrays, bytes and fixed are Buffers, enums
 * are strings, a logical type is its underlying value (`timestamp-millis`: epoch milliseconds) unless
 * `logicalTypes` says otherwise. A `long` is a number while it is a safe integer, else a bigint; both
 * are accepted. Unions: see `Representation`.
 * When writing, a missing field takes its default, and a property that is not a field is ignored, unless
 * `unknownProperties` says otherwise.
 *
 * @throws TypeError the definition is not a text, or an option is not what it may be
 * @throws InvalidSchemaError here if the reader's definition cannot be compiled, on first use if the other cannot
 */
export function compileAvro(definition: string, options: AvroOptions = {}): Codec {
  checkSchema('compileAvro', definition);
  checkWriteOptions('compileAvro', options, {
    readerDefinition: aTextOrEmpty,
    readerReferences: someReferences,
    references: someReferences,
  });
  const { readerDefinition, readerReferences, references } = options;
  const reader =
    readerDefinition === undefined
      ? undefined
      : compiled(() =>
          parseAvro(readerDefinition, { lenient: true, references: readerReferences }),
        );
  const isReader = readerDefinition === definition && haveSameTexts(references, readerReferences);
  let write: Write | undefined;
  let read: Read | undefined;

  const parseWriter = () => parseAvro(definition, { lenient: true, references });

  function compileRead(): Read {
    const writer = parseWriter();
    const action: Action =
      reader === undefined || isReader ? { kind: 'same', schema: writer } : resolve(writer, reader);
    return compileReader(action, options);
  }

  return {
    copies: true,

    encode(value, target, offset) {
      write ??= compiled(() => compileWriter(parseWriter(), options));
      return write(value, target, offset);
    },

    decode(bytes, offset) {
      read ??= compiled(compileRead);
      const tap = { buf: bytes, pos: offset } as unknown as Tap;
      let value: unknown;
      try {
        value = read(tap);
      } catch (error) {
        if (error instanceof UndecodableError) throw error;
        throw new DamagedFrameError(error instanceof RangeError ? 'nested-too-deeply' : 'bad-body');
      }
      if (tap.pos === bytes.length) return value;
      // Java ignores bytes after the value. Here they are damage: a correct writer ends with the value, and bytes
      // that remain are most often a sign that the body was written with another schema.
      throw new DamagedFrameError(tap.pos > bytes.length ? 'truncated-body' : 'trailing-bytes');
    },
  };
}

function haveSameTexts(
  one: SchemaText['references'] = [],
  other: SchemaText['references'] = [],
): boolean {
  return (
    one.length === other.length &&
    one.every(({ definition }, i) => definition === other[i]?.definition)
  );
}

function compiled<T>(compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof InvalidSchemaError) throw error;
    throw new InvalidSchemaError((error as Error).message);
  }
}
