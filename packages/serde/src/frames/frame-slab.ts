import type { Codec } from '../codec.ts';

/**
 * Room for outgoing frames, cut from big buffers so that a frame costs no allocation of its own.
 *
 * Invariant: every byte is handed out once. A full slab is left to its readers and never reused,
 * so a frame stays as it is for as long as anything holds it.
 *
 * @param slabBytes a small frame that is kept alone keeps this much memory alive
 */
export function createFrameSlab(slabBytes = 64 * 1024) {
  let slab = Buffer.allocUnsafeSlow(slabBytes);
  let free = 0;
  let encoding = false;

  /** Encodes behind a copy of the header. Throws as `Codec.encode` does, and then has taken no room. */
  return function frame(header: Buffer, codec: Codec, value: unknown): Buffer {
    // A getter of a value may serialize another: that one must not lie where the first is under way.
    if (encoding) return frameAlone(header, codec, value);
    encoding = true;
    try {
      return frameInSlab(header, codec, value);
    } finally {
      encoding = false;
    }
  };

  function frameInSlab(header: Buffer, codec: Codec, value: unknown): Buffer {
    const end = codec.encode(value, slab, free + header.length);
    if (end < 0) return frameElsewhere(header, codec, value, slab.length - free - end);
    const start = free;
    for (let i = 0; i < header.length; i++) slab[start + i] = header[i] as number;
    free = end;
    return slab.subarray(start, end);
  }

  function frameElsewhere(header: Buffer, codec: Codec, value: unknown, neededBytes: number) {
    let target = Buffer.allocUnsafeSlow(neededBytes);
    // Big frames get a buffer of their own; the rest of the slab still serves small ones.
    const big = neededBytes > slabBytes / 4;
    if (!big) target = slab = Buffer.allocUnsafeSlow(slabBytes);
    const end = encodeWhole(header, codec, value, target);
    if (!big) free = end;
    return target.subarray(0, end);
  }
}

function frameAlone(header: Buffer, codec: Codec, value: unknown): Buffer {
  const neededBytes = -codec.encode(value, Buffer.alloc(0), header.length);
  const target = Buffer.allocUnsafeSlow(neededBytes);
  return target.subarray(0, encodeWhole(header, codec, value, target));
}

/** Where the frame ends. */
function encodeWhole(header: Buffer, codec: Codec, value: unknown, target: Buffer): number {
  const end = codec.encode(value, target, header.length);
  if (end < 0) throw new RangeError('the value changed while it was encoded');
  target.set(header);
  return end;
}
