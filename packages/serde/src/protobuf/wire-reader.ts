import { isUtf8 } from 'node:buffer';
import { DamagedFrameError } from '../errors.ts';
import type { WireWriter } from './wire-writer.ts';

/** Reads the wire format of one body. Every method throws DamagedFrameError if the bytes end too soon. */
export class WireReader {
  pos: number;
  /** End of the message that is being read. */
  end: number;
  /** The halves of the last 64-bit varint or fixed integer, each unsigned. */
  low = 0;
  high = 0;
  readonly bytes: Buffer;
  /** Unknown fields whose bytes are not in the body as they must be written. */
  made: WireWriter | undefined;

  constructor(bytes: Buffer, pos: number) {
    this.bytes = bytes;
    this.pos = pos;
    this.end = bytes.length;
  }

  #take(count: number): number {
    const start = this.pos;
    if (count > this.end - start) throw new DamagedFrameError('truncated-body');
    this.pos = start + count;
    return start;
  }

  /** Reads a varint of up to 64 bits and returns the lower 32, unsigned. */
  varint(): number {
    const first = this.bytes[this.pos] as number;
    if (this.pos < this.end && first < 0x80) {
      this.pos += 1;
      this.high = 0;
      this.low = first;
      return first;
    }
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= this.end) throw new DamagedFrameError('truncated-body');
      const byte = this.bytes[this.pos++] as number;
      const part = byte & 0x7f;
      if (shift < 28) low |= part << shift;
      else if (shift === 28) {
        low |= part << 28;
        high |= part >> 4;
      } else if (shift < 63) high |= part << (shift - 32);
      else high |= (part & 1) << 31;
      if (byte < 0x80) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return this.low;
      }
    }
    throw new DamagedFrameError('bad-body');
  }

  /** Reads a length. A length beyond the body is rejected before anything is allocated. */
  length(): number {
    const length = this.varint();
    if (this.high !== 0 || length > this.end - this.pos) {
      throw new DamagedFrameError('truncated-body');
    }
    return length;
  }

  fixed32(): number {
    return this.bytes.readUInt32LE(this.#take(4));
  }

  fixed64(): void {
    const start = this.#take(8);
    this.low = this.bytes.readUInt32LE(start);
    this.high = this.bytes.readUInt32LE(start + 4);
  }

  float(): number {
    return this.bytes.readFloatLE(this.#take(4));
  }

  double(): number {
    return this.bytes.readDoubleLE(this.#take(8));
  }

  /** Reads length-delimited bytes as a view of the body. */
  slice(): Buffer {
    const start = this.#take(this.length());
    return this.bytes.subarray(start, this.pos);
  }

  /** Reads a length-delimited string. `checks`: invalid UTF-8 is rejected, not replaced. */
  text(checks: boolean): string {
    const start = this.#take(this.length());
    const text = this.bytes.toString('utf8', start, this.pos);
    // Invalid UTF-8 always gives a replacement character.
    if (checks && text.includes('\ufffd') && !isUtf8(this.bytes.subarray(start, this.pos))) {
      throw new DamagedFrameError('bad-body');
    }
    return text;
  }

  /** Reads a length and sets `end` behind that many bytes. Returns the old `end`, which the caller restores. */
  enter(): number {
    const { end } = this;
    const length = this.length();
    this.end = this.pos + length;
    return end;
  }

  /** Skips the value of an unknown field. `depth` counts the groups around it. */
  skip(tag: number, depth = 0): void {
    const wireType = tag & 7;
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#take(8);
    else if (wireType === 2) this.#take(this.length());
    else if (wireType === 3) this.#skipGroup(tag >>> 3, depth);
    else if (wireType === 5) this.#take(4);
    else throw new DamagedFrameError('bad-body');
  }

  #skipGroup(number: number, depth: number): void {
    if (depth >= maxDepth) throw new DamagedFrameError('nested-too-deeply');
    for (;;) {
      const tag = this.tag();
      if ((tag & 7) === 4) {
        if (tag >>> 3 !== number) throw new DamagedFrameError('bad-body');
        return;
      }
      this.skip(tag, depth + 1);
    }
  }

  tag(): number {
    const tag = this.varint();
    if (this.high !== 0 || tag >>> 3 === 0) throw new DamagedFrameError('bad-body');
    return tag;
  }
}

/** Nested messages, including the outermost: the limit of Java's `CodedInputStream`. */
export const maxDepth = 100;
