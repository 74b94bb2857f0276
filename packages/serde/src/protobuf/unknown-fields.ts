import type { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/**
 * Where a message that was read keeps the bytes of fields its definition does not know, so that they
 * are still there when it is written again. Not enumerable: comparisons and JSON pass it by.
 */
export const unknownFields = Symbol('unknown fields');

/**
 * While a message is being read: where its pieces start and end, one after the other. Beyond the end
 * of the body they are in what was made here. Numbers alone, for there can be as many as the body has
 * bytes.
 */
interface Pieces {
  readonly reader: WireReader;
  readonly bounds: number[];
}
interface WithUnknown {
  [unknownFields]?: Buffer | Pieces;
}

/** The field that the reader has just passed by, from `start` on. */
export function keepUnknown(message: WithUnknown, reader: WireReader, start: number): void {
  keep(message, reader, start, reader.pos);
}

/** A number that a closed enum lacks, out of a packed field: a field by itself, as in Java. */
export function keepUnknownNumber(
  message: WithUnknown,
  reader: WireReader,
  tag: number,
  value: number,
): void {
  reader.made ??= new WireWriter();
  const { made } = reader;
  const start = startOfMade(reader) + made.pos;
  made.uint32(tag);
  made.uint64(value >>> 0, value < 0 ? 0xffffffff : 0);
  keep(message, reader, start, startOfMade(reader) + made.pos);
}

/** To be called once, when all of the message was read. */
export function joinUnknown(message: WithUnknown): void {
  const kept = message[unknownFields] as Pieces | undefined;
  if (!kept) return;
  const { reader, bounds } = kept;
  const madeFrom = startOfMade(reader);
  let bytes = 0;
  for (let at = 0; at < bounds.length; at += 2) bytes += numberAt(at + 1) - numberAt(at);
  const joined = Buffer.allocUnsafe(bytes);
  let to = 0;
  for (let at = 0; at < bounds.length; at += 2) {
    const start = numberAt(at);
    const end = numberAt(at + 1);
    to +=
      start < madeFrom
        ? reader.bytes.copy(joined, to, start, end)
        : (reader.made?.written().copy(joined, to, start - madeFrom, end - madeFrom) ?? 0);
  }
  hide(message, joined);

  function numberAt(index: number): number {
    return bounds[index] as number;
  }
}

// One more than the end of the body, so that no piece goes on from the one into the other.
function startOfMade({ bytes }: WireReader): number {
  return bytes.length + 1;
}

function keep(message: WithUnknown, reader: WireReader, start: number, end: number): void {
  const kept = message[unknownFields] as Pieces | undefined;
  if (!kept) hide(message, { reader, bounds: [start, end] });
  else if (kept.bounds.at(-1) === start) kept.bounds[kept.bounds.length - 1] = end;
  else kept.bounds.push(start, end);
}

function hide(message: WithUnknown, value: Buffer | Pieces): void {
  Object.defineProperty(message, unknownFields, { value, configurable: true });
}
