import type { Deserialized } from './compiled-reader.ts';
import type { Deserializer } from './deserializer.ts';
import { SchemaMismatchError } from './errors.ts';
import { bufferView } from './frames/buffer-view.ts';
import { anyJson, parseUnframedJson } from './frames/unframed-json.ts';
import { losesContentAsJson } from './json/builtin-objects.ts';
import { exactMember } from './json/exact-json.ts';
import type { Serializer } from './serializer.ts';

/** Encodes values as JSON text without a frame, for topics without a registry. The chosen schema is ignored. */
export function createPlainJsonSerializer(): Serializer {
  return {
    prepare: async () => anyJson,
    schemaSync: () => anyJson,
    serialize: async (_topic: string, value: unknown) => encode(value),
    serializeSync: (_topic: string, value: unknown) => encode(value),
  };
}

/** Reads JSON text (RFC 8259, UTF-8), for topics without a registry; anything else is a `NotAFrameError`. */
export function createPlainJsonDeserializer(): Deserializer {
  const deserialize = (bytes: Uint8Array): Deserialized<never> => {
    const value = parseUnframedJson(bufferView(bytes)) as never;
    return { value, schema: anyJson, bodyBytes: bytes.length };
  };
  return { deserializeSync: deserialize, deserialize: async (bytes) => deserialize(bytes) };
}

function encode(value: unknown): Buffer {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, losslessMember);
  } catch {
    // The engine's message is dropped, because for a value that contains itself it names keys.
  }
  if (text === undefined) throw new SchemaMismatchError('', 'JSON value');
  return Buffer.from(text);
}

/** Writes every digit of an integer, unquoted. Rejects a value that would silently become null or `{}`. */
function losslessMember(this: Record<string, unknown>, key: string, member: unknown): unknown {
  const isLost =
    typeof member === 'number'
      ? !Number.isFinite(member)
      : typeof member === 'object' && member !== null && losesContentAsJson(member);
  if (isLost) throw new TypeError();
  return exactMember.call(this, key, member);
}
