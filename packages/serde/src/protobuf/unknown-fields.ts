import type { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/**
 * Member that keeps the bytes of unknown fields of a message that was read, so that they are written again.
 * Not enumerable: comparisons and JSON ignore it.
 */
export const unknownFields = Symbol('unknown fields');

/**
 * Start and end of each piece while a message is being read. Offsets beyond the body are in `reader.made`.
 * Plain numbers, because there can be as many pieces as the body has bytes.
 */
interface Pieces {
  readonly reader: WireReader;
  readonly bounds: number[];
}
interface WithUnknown {
  [unknownFields]?: Buffer | Pieces;
}

/** Keeps the field that the reader has just skipped, from `start` on. */
export function keepUnknown(
  message: WithUnknown,
  reader: WireReader,
  start: number,
  end = reader.pos,
): void {
  const kept = message[unknownFields] as Pieces | undefined;
  if (!kept) hide(message, { reader, bounds: [start, end] });
  else if (kept.bounds.at(-1) === start) kept.bounds[kept.bounds.length - 1] = end;
  else kept.bounds.push(start, end);
}

/** Keeps a number that a closed enum does not name, from a packed field, as a field of its own, as Java does. */
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
  keepUnknown(message, reader, start, startOfMade(reader) + made.pos);
}

/** Joins the pieces. Call once, when the message was read completely. */
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

// One beyond the end of the body, so that a piece of the body and a made one are never merged.
function startOfMade({ bytes }: WireReader): number {
  return bytes.length + 1;
}

function hide(message: WithUnknown, value: Buffer | Pieces): void {
  Object.defineProperty(message, unknownFields, { value, configurable: true });
}
