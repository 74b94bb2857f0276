import type { IHeaders } from 'kafkajs';
import { type Content, sizeOfContent, writeContent } from './content.ts';
import { type Cursor, moveTo, readBytes, readVarint, skipBytes } from './cursor.ts';
import { sizeOfVarint, writeVarint } from './varint.ts';

/** The headers of a record: their count, then name and value of each. A list is several headers of one name. */
export function encodeHeaders(headers: IHeaders = {}): Buffer {
  const names = Object.keys(headers);
  let count = 0;
  let size = 0;
  for (const name of names)
    for (const value of valuesOf(headers, name)) {
      count += 1;
      size += sizeOfContent(name) + sizeOfContent(value);
    }
  const bytes = Buffer.allocUnsafe(sizeOfVarint(count) + size);
  let pos = writeVarint(bytes, 0, count);
  for (const name of names)
    for (const value of valuesOf(headers, name))
      pos = writeContent(bytes, writeContent(bytes, pos, name), value);
  return bytes;
}

function valuesOf(headers: IHeaders, name: string): Content[] {
  const value = headers[name];
  return Array.isArray(value) ? value : [value];
}

type ReadHeaders = Record<string, Buffer | null | (Buffer | null)[]>;

/** Headers that share a name become a list. */
export function readHeaders(cursor: Cursor): IHeaders {
  const headers: ReadHeaders = {};
  for (let left = readCount(cursor); left > 0; left -= 1) {
    const length = skipName(cursor);
    const name = cursor.bytes.toString('utf8', cursor.pos - length, cursor.pos);
    addHeader(headers, name, readBytes(cursor));
  }
  // kafkajs's types leave out the value null, which Kafka allows.
  return headers as IHeaders;
}

/** Skips the headers, and throws where `readHeaders` would. */
export function skipHeaders(cursor: Cursor): void {
  for (let left = readCount(cursor); left > 0; left -= 1) {
    skipName(cursor);
    skipBytes(cursor);
  }
}

function readCount(cursor: Cursor): number {
  const count = readVarint(cursor);
  if (count < 0) throw new RangeError('expected the number of headers, got a negative number');
  return count;
}

/** Skips the name of a header, and returns its length. The cursor is then at the end of the name. */
function skipName(cursor: Cursor): number {
  const length = readVarint(cursor);
  if (length < 0) throw new RangeError('expected the name of a header, got null');
  moveTo(cursor, cursor.pos + length);
  return length;
}

function addHeader(headers: ReadHeaders, name: string, value: Buffer | null): void {
  if (!(name in headers)) headers[name] = value;
  else if (!Object.hasOwn(headers, name)) {
    // `constructor`, `__proto__`: every object inherits these names, and an assignment to `__proto__` adds no property.
    const property = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(headers, name, property);
  } else {
    const earlier = headers[name];
    if (Array.isArray(earlier)) earlier.push(value);
    else headers[name] = [earlier as Buffer | null, value];
  }
}
