import { isUtf8 } from 'node:buffer';
import { DamagedFrameError } from '../errors.ts';
import { parseExactJson } from '../json/exact-json.ts';
import { maxJsonDepth } from './json-form.ts';

// A text without a match has only safe integers, and doubles that JSON.parse rounds as every reader does.
const maybeInexact = /\d{16}|[eE]\+?\d{3}/;

/**
 * Reads a body that is JSON text (RFC 8259) in UTF-8. An integer that a number would round is a
 * bigint. A number beyond the range of a double is rejected.
 *
 * @throws DamagedFrameError `bad-body`, `nested-too-deeply` (beyond 1000 levels)
 */
export function readJsonBody(bytes: Buffer, offset: number): unknown {
  const body = offset === 0 ? bytes : bytes.subarray(offset);
  if (!isUtf8(body)) throw new DamagedFrameError('bad-body');
  checkDepth(body);
  const text = body.toString('utf8');
  try {
    return maybeInexact.test(text) ? parseExactJson(text) : JSON.parse(text);
  } catch {
    throw new DamagedFrameError('bad-body');
  }
}

const quote = 0x22;
const backslash = 0x5c;

// JSON.parse returns values so deep that recursive readers overflow their stack.
function checkDepth(body: Buffer): void {
  if (body.length <= maxJsonDepth) return;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (inString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > maxJsonDepth) throw new DamagedFrameError('nested-too-deeply');
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
}
