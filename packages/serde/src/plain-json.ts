import type { Deserializer } from './deserializer.ts';
import { SchemaMismatchError } from './errors.ts';
import type { Serializer } from './serializer.ts';
import { anyJson, unframedJson } from './unframed-json.ts';

/** Values as JSON text without a frame, for topics without a registry. Whatever schema is chosen is passed over. */
export function createPlainJsonSerializer(): Serializer {
  return {
    prepare: async () => anyJson,
    serialize: async (_topic, value) => encode(value),
    serializeSync: (_topic, value) => encode(value),
  };
}

/** Reads JSON text (RFC 8259, UTF-8), for topics without a registry; anything else is a `NotAFrameError`. */
export function createPlainJsonDeserializer(): Deserializer {
  const deserializeSync: Deserializer['deserializeSync'] = (bytes) =>
    unframedJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return { deserializeSync, deserialize: async (bytes) => deserializeSync(bytes) as never };
}

/** Every digit of an integer is written, and none is quoted. */
function encode(value: unknown): Buffer {
  const text = JSON.stringify(value, (_key, member) =>
    typeof member === 'bigint'
      ? (JSON as unknown as { rawJSON(text: string): object }).rawJSON(String(member))
      : member,
  );
  if (text === undefined) throw new SchemaMismatchError('', 'JSON value');
  return Buffer.from(text);
}
