import type { Codec } from '../codec.ts';

/**
 * Allocates outgoing frames from large buffers, so that a frame needs no allocation of its own.
 *
 * Invariant: every byte is used for one frame only. A full slab is never reused, so a frame stays unchanged as long
 * as it is referenced.
 *
 * @param slabBytes the memory that one small frame can keep alive
 */
export function createFrameSlab(slabBytes = 64 * 1024) {
  let slab = Buffer.allocUnsafeSlow(slabBytes);
  let free = 0;
  let encoding = false;

  /** Encodes after a copy of the header. Throws as `Codec.encode` does, and then uses no bytes of the slab. */
  return function frame(header: Buffer, codec: Codec, value: unknown): Buffer {
    // A getter of a value may serialize another value: the nested call must not write into the region being filled.
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
    // A large frame gets its own buffer, so that the rest of the slab remains for small ones.
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

/** Returns the end of the frame. */
function encodeWhole(header: Buffer, codec: Codec, value: unknown, target: Buffer): number {
  const end = codec.encode(value, target, header.length);
  if (end < 0) throw new RangeError('the value changed while it was being encoded');
  target.set(header);
  return end;
}
