const smallestSlab = 16 * 1024;
const largestSlab = 256 * 1024;

/** Bytes that grow at the end, in slabs, so that growing copies nothing and the memory is little more than the bytes. */
export class GrowingBytes {
  #full: Buffer[] = [];
  #slab = Buffer.alloc(0);
  #used = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      if (this.#used === this.#slab.length) this.#addSlab(bytes.length - from);
      const count = Math.min(bytes.length - from, this.#slab.length - this.#used);
      this.#slab.set(bytes.subarray(from, from + count), this.#used);
      this.#used += count;
      from += count;
    }
    this.#length += bytes.length;
  }

  /** Returns all bytes, and is empty afterwards. */
  drain(): Buffer {
    const last = this.#slab.subarray(0, this.#used);
    const all = this.#full.length === 0 ? last : Buffer.concat([...this.#full, last]);
    this.#full = [];
    this.#slab = Buffer.alloc(0);
    this.#used = 0;
    this.#length = 0;
    return all;
  }

  #addSlab(atLeast: number): void {
    if (this.#used > 0) this.#full.push(this.#slab);
    const bytes = Math.max(atLeast, Math.min(this.#length, largestSlab), smallestSlab);
    this.#slab = Buffer.allocUnsafeSlow(bytes);
    this.#used = 0;
  }
}
