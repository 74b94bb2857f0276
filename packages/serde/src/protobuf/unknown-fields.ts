import type { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/**
 * Where a message that was read keeps the bytes of fields its definition does not know, so that they
 * are still there when it is written again. Not enumerable: comparisons and JSON pass it by.
 */
export const unknownFields = Symbol('unknown fields');

/** While a message is being read: pieces of the body by their start and end, and bytes made here. */
interface Pieces {
  readonly body: Buffer;
  readonly pieces: (Bounds | MadeHere)[];
}
type Bounds = [start: number, end: number];
// Numbers, not Buffers: there can be as many as there are bytes in the body.
type MadeHere = { readonly bytes: number[] };
type WithUnknown = { [unknownFields]?: Buffer | Pieces };

/** The field that the reader has just passed by, from `start` on. */
export function keepUnknown(message: WithUnknown, { bytes, pos }: WireReader, start: number): void {
  const pieces = piecesOf(message, bytes);
  const last = pieces.at(-1);
  if (Array.isArray(last) && last[1] === start) last[1] = pos;
  else pieces.push([start, pos]);
}

/** A number that a closed enum lacks, out of a packed field: a field by itself, as in Java. */
export function keepUnknownNumber(
  message: WithUnknown,
  { bytes }: WireReader,
  field: number,
  value: number,
): void {
  const pieces = piecesOf(message, bytes);
  let last = pieces.at(-1);
  if (!last || Array.isArray(last)) {
    last = { bytes: [] };
    pieces.push(last);
  }
  scratch.pos = 0;
  scratch.uint32((field << 3) >>> 0);
  scratch.uint64(value >>> 0, value < 0 ? 0xffffffff : 0);
  last.bytes.push(...scratch.written());
}

/** To be called once, when all of the message was read. */
export function joinUnknown(message: WithUnknown): void {
  const kept = message[unknownFields] as Pieces | undefined;
  if (!kept) return;
  const pieces = kept.pieces.map((piece) =>
    Array.isArray(piece) ? kept.body.subarray(...piece) : Buffer.from(piece.bytes),
  );
  hide(message, Buffer.concat(pieces));
}

const scratch = new WireWriter();

function piecesOf(message: WithUnknown, body: Buffer): Pieces['pieces'] {
  const kept = message[unknownFields] as Pieces | undefined;
  if (kept) return kept.pieces;
  const pieces: Pieces['pieces'] = [];
  hide(message, { body, pieces });
  return pieces;
}

function hide(message: WithUnknown, value: Buffer | Pieces): void {
  Object.defineProperty(message, unknownFields, { value, configurable: true });
}
