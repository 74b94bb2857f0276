import { sizeOfVarint, writeVarint } from './varint.ts';

/** A key, a value, or the name or value of a header: its length, then its bytes. Length -1 is null. */
export type Content = Uint8Array | string | null | undefined;

/** Bytes that `writeContent` takes. */
export function sizeOfContent(content: Content): number {
  if (content == null) return sizeOfVarint(-1);
  const length = lengthOf(content);
  return sizeOfVarint(length) + length;
}

/** Writes length and bytes, and returns the position after them. */
export function writeContent(bytes: Buffer, at: number, content: Content): number {
  if (content == null) return writeVarint(bytes, at, -1);
  const length = lengthOf(content);
  const pos = writeVarint(bytes, at, length);
  if (typeof content === 'string') bytes.write(content, pos, length, 'utf8');
  else bytes.set(content, pos);
  return pos + length;
}

function lengthOf(content: Uint8Array | string): number {
  return typeof content === 'string' ? Buffer.byteLength(content) : content.length;
}
