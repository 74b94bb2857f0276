import type { Deserialized, Deserializer } from '../deserializer.ts';
import { SchemaMismatchError } from '../errors.ts';
import { holdsMoreThanMembers } from '../json/builtin-objects.ts';
import type { Serializer } from '../serializer.ts';
import { bufferView } from './buffer-view.ts';
import { anyJson, parseUnframedJson } from './unframed-json.ts';

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
  const deserialize = (bytes: Uint8Array): Deserialized => {
    const value = parseUnframedJson(bufferView(bytes));
    return { value, schema: anyJson, bodyBytes: bytes.length };
  };
  return { deserializeSync: deserialize, deserialize: async (bytes) => deserialize(bytes) };
}

function encode(value: unknown): Buffer {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, exactMember);
  } catch {
    // What has no end, too: the engine's own words name keys.
  }
  if (text === undefined) throw new SchemaMismatchError('', 'JSON value');
  return Buffer.from(text);
}

/** Every digit of an integer is written, and none is quoted. What would become null or `{}` without a word is refused. */
function exactMember(this: Record<string, unknown>, key: string, member: unknown): unknown {
  // Of its holder: a `BigInt.prototype.toJSON`, which many programs set, would have made it a text by now.
  const given = this[key];
  if (typeof given === 'bigint') {
    return (JSON as unknown as { rawJSON(text: string): object }).rawJSON(String(given));
  }
  const isLost =
    typeof member === 'number'
      ? !Number.isFinite(member)
      : typeof member === 'object' && member !== null && holdsMoreThanMembers(member);
  if (isLost) throw new TypeError();
  return member;
}
