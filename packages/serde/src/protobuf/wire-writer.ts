/**
 * Writes the wire format into a buffer of its own, which grows and is reused. A nested message is written in
 * place, after one byte for its length, which fits most lengths.
 */
export class WireWriter {
  pos = 0;
  #bytes = Buffer.allocUnsafeSlow(4096);

  get capacityBytes(): number {
    return this.#bytes.length;
  }

  /** Makes room for `count` more bytes. */
  #reserve(count: number): Buffer {
    const neededBytes = this.pos + count;
    if (neededBytes > this.#bytes.length) {
      const bigger = Buffer.allocUnsafeSlow(Math.max(neededBytes, this.#bytes.length * 2));
      this.#bytes.copy(bigger, 0, 0, this.pos);
      this.#bytes = bigger;
    }
    return this.#bytes;
  }

  uint32(value: number): void {
    const bytes = this.#reserve(5);
    let rest = value;
    let { pos } = this;
    while (rest > 0x7f) {
      bytes[pos++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[pos++] = rest;
    this.pos = pos;
  }

  /** Writes a 64-bit varint from its two halves, each unsigned. */
  uint64(low: number, high: number): void {
    let lo = low;
    for (let hi = high; hi !== 0; hi >>>= 7) {
      this.#reserve(1)[this.pos++] = (lo & 0x7f) | 0x80;
      lo = ((lo >>> 7) | (hi << 25)) >>> 0;
    }
    this.uint32(lo);
  }

  fixed32(value: number): void {
    this.pos = this.#reserve(4).writeInt32LE(value | 0, this.pos);
  }

  fixed64(low: number, high: number): void {
    const bytes = this.#reserve(8);
    bytes.writeInt32LE(low | 0, this.pos);
    this.pos = bytes.writeInt32LE(high | 0, this.pos + 4);
  }

  float(value: number): void {
    this.pos = this.#reserve(4).writeFloatLE(value, this.pos);
  }

  double(value: number): void {
    this.pos = this.#reserve(8).writeDoubleLE(value, this.pos);
  }

  text(value: string): void {
    // At most three bytes per UTF-16 unit; the length is known only after writing.
    const start = this.begin();
    const bytes = this.#reserve(value.length * 3);
    this.pos += bytes.write(value, this.pos);
    this.end(start);
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length).set(value, this.pos);
    this.pos += value.length;
  }

  /** Begins a length-delimited part. Returns the argument for `end`. */
  begin(): number {
    this.#reserve(1);
    return ++this.pos;
  }

  end(start: number): void {
    const length = this.pos - start;
    if (length < 0x80) {
      this.#bytes[start - 1] = length;
      return;
    }
    const lengthBytes = length < 0x4000 ? 2 : length < 0x200000 ? 3 : length < 0x10000000 ? 4 : 5;
    const end = this.pos + lengthBytes - 1;
    this.#reserve(lengthBytes - 1).copyWithin(start + lengthBytes - 1, start, this.pos);
    this.pos = start - 1;
    this.uint32(length);
    this.pos = end;
  }

  /** The written bytes, valid until the next write. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.pos);
  }
}
