import { truncated } from './damage.ts';
import { readSize, type Tap } from './tap.ts';

// For a short text the call into V8's UTF-8 decoder costs more than the decoding. Up to this length, one
// generated function per length makes ASCII text with a single call of String.fromCharCode.
const maxShortBytes = 16;

const shortReaders = Array.from({ length: maxShortBytes + 1 }, (_, length) => {
  if (length === 0) return () => '';
  const units = Array.from({ length }, (_, i) => `c${i}`);
  const loads = units.map((unit, i) => `${unit} = buf[pos + ${i}]`);
  return new Function(
    'buf',
    'pos',
    `const ${loads.join()};
     return (${units.join(' | ')}) < 0x80 ? String.fromCharCode(${units.join()}) : undefined;`,
  ) as (buf: Buffer, pos: number) => string | undefined;
});

/** Reads a length and that many bytes of UTF-8. Throws DamagedFrameError if they are incomplete. */
export function readText(tap: Tap): string {
  const length = readSize(tap);
  const buf = tap.buf;
  const start = tap.pos;
  const end = start + length;
  if (end > buf.length) truncated();
  tap.pos = end;
  if (length <= maxShortBytes) {
    const text = shortReaders[length]?.(buf, start);
    if (text !== undefined) return text;
  }
  return buf.utf8Slice(start, end);
}

/** Writes a length and the text as UTF-8. Returns false if the text has a lone surrogate, which has no UTF-8. */
export function writeText(tap: Tap, text: string): boolean {
  const length = text.length;
  const { buf, pos } = tap;
  // ASCII of less than 64 characters, the usual case, takes one pass, because its length takes one byte.
  if (length < 64 && pos + length < buf.length) {
    let at = 0;
    for (; at < length; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) break;
      buf[pos + 1 + at] = unit;
    }
    if (at === length) {
      buf[pos] = length << 1;
      tap.pos = pos + 1 + length;
      return true;
    }
  }
  // avsc would write lone surrogates as bytes that no other library reads.
  if (!text.isWellFormed()) return false;
  tap.writeString(text);
  return true;
}
