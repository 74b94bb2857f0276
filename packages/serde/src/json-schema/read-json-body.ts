import { isUtf8 } from 'node:buffer';
import { DamagedFrameError } from '../errors.ts';
import { parseExactJson } from '../exact-json.ts';
import { maxJsonDepth } from './json-form.ts';

// Shorter runs of digits are safe integers, or doubles that JSON.parse rounds as every reader does.
const maybeInexact = /\d{16}/;

/**
 * Reads a body that is JSON text (RFC 8259) in UTF-8. An integer that a number would round is a bigint.
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

// JSON.parse would return a value too deep for its readers' stack.
function checkDepth(body: Buffer): void {
  if (body.length <= maxJsonDepth) return;
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    switch (body[at]) {
      case quote:
        at = endOfString(body, at);
        break;
      case 0x5b:
      case 0x7b:
        depth += 1;
        if (depth > maxJsonDepth) throw new DamagedFrameError('nested-too-deeply');
        break;
      case 0x5d:
      case 0x7d:
        depth -= 1;
    }
  }
}

function endOfString(body: Buffer, start: number): number {
  let at = start;
  do {
    at = body.indexOf(quote, at + 1);
    if (at === -1) throw new DamagedFrameError('bad-body');
  } while (isEscaped(body, at));
  return at;
}

function isEscaped(body: Buffer, at: number): boolean {
  let backslashes = 0;
  while (body[at - 1 - backslashes] === backslash) backslashes += 1;
  return backslashes % 2 === 1;
}
