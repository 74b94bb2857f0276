import type { IHeaders } from 'kafkajs';
import { type Content, sizeOfContent, writeContent } from './content.ts';
import { type Cursor, moveTo, readBytes, readVarint } from './cursor.ts';
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
  const count = readVarint(cursor);
  if (count < 0) throw new RangeError('expected the number of headers, got a negative number');
  for (let index = 0; index < count; index += 1)
    addHeader(headers, readName(cursor), readBytes(cursor));
  // kafkajs's types leave out the value null, which Kafka allows.
  return headers as IHeaders;
}

function readName(cursor: Cursor): string {
  const length = readVarint(cursor);
  if (length < 0) throw new RangeError('expected the name of a header, got null');
  const start = cursor.pos;
  moveTo(cursor, start + length);
  return cursor.bytes.toString('utf8', start, cursor.pos);
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
