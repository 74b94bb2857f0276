import { NotAFrameError } from '../errors.ts';
import { parseExactJson } from '../json/exact-json.ts';
import type { RegisteredSchema } from '../registry/schema-registry.ts';

/** The schema of unframed JSON. It has no id. */
export const anyJson: RegisteredSchema = Object.freeze({ dataFormat: 'JSON', definition: '{}' });

/**
 * Parses a value that is JSON text (RFC 8259, UTF-8), as a topic has it from before it had schemas.
 *
 * @throws NotAFrameError not JSON, or a number beyond the range of a double
 */
export function parseUnframedJson(bytes: Buffer): unknown {
  try {
    return parseExactJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new NotAFrameError(bytes[0]);
  }
}
