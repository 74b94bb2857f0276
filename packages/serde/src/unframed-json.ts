import type { Deserialized } from './deserializer.ts';
import { NotAFrameError } from './errors.ts';
import { parseExactJson } from './exact-json.ts';
import type { RegisteredSchema } from './schema-registry.ts';

/** The schema of unframed JSON, which has no id. */
export const anyJson: RegisteredSchema = Object.freeze({ dataFormat: 'JSON', definition: '{}' });

/**
 * A whole value that is JSON text (RFC 8259, UTF-8), as a topic holds it from before it had schemas.
 *
 * @throws NotAFrameError it is none
 */
export function unframedJson(bytes: Buffer): Deserialized {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { value: parseExactJson(text), schema: anyJson, bodyBytes: bytes.length };
  } catch {
    throw new NotAFrameError(bytes[0]);
  }
}
