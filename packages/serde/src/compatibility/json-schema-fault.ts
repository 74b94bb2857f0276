import type { ReaderWriterFault } from './check-history.ts';
import { pointerOf, type SchemaAt } from './json-schema-at.ts';

export type Found = ReaderWriterFault[];

/** Why the reader schema does not accept every value of the writer schema; empty if it does. */
export type Compare = (reader: SchemaAt, writer: SchemaAt) => Found;

export function fault(
  type: string,
  reader: SchemaAt,
  writer: SchemaAt,
  message: string,
  keyword?: string,
): ReaderWriterFault {
  const readerLocation = pointerOf(keyword ? [...reader.path, keyword] : reader.path);
  const writerLocation = pointerOf(writer.path);
  return { type, location: readerLocation, readerLocation, writerLocation, message };
}
