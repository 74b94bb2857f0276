import { inflateSync } from 'node:zlib';
import type { Damage } from './errors.ts';
import { createPooledInflate } from './pooled-inflate.ts';

/**
 * Inflates the zlib stream that fills `bytes` from `offset` on, to at most `maxBytes`.
 *
 * @returns the body, in memory that the next call may overwrite, or what is wrong: `bad-zlib` (cut, altered, no
 *   zlib), `trailing-bytes`, `inflates-too-far`
 */
export type Inflate = (bytes: Uint8Array, offset: number, maxBytes: number) => Buffer | Damage;

// Above this, a body that is hundreds of times its stream is a bomb and no record: inflating it to
// the cap alone would take longer than refusing a frame may.
const unsuspiciousBytes = 1024 * 1024;
const suspiciousRatio = 100;

/** How far so many bytes of a stream may inflate. */
export function inflatedLimit(streamBytes: number, maxBytes: number): number {
  return Math.min(maxBytes, Math.max(unsuspiciousBytes, streamBytes * suspiciousRatio));
}

let chosen: Inflate | undefined;

export const inflate: Inflate = (bytes, offset, maxBytes) => {
  chosen ??= createPooledInflate(inflatedLimit) ?? inflateBySync;
  return chosen(bytes, offset, maxBytes);
};

/** By what every version of Node has. */
export const inflateBySync: Inflate = (bytes, offset, maxBytes) => {
  const stream = bytes.subarray(offset);
  const maxOutputLength = inflatedLimit(stream.length, maxBytes);
  // Node allocates a whole chunk (16 KiB unless told) for every call, and most bodies are far smaller.
  const chunkSize = Math.min(64 * 1024, Math.max(256, stream.length * 4));
  let inflated: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    // The types of `info: true` know the result only as a Buffer.
    inflated = inflateSync(stream, { chunkSize, maxOutputLength, info: true }) as never;
  } catch (error) {
    const tooFar = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return tooFar ? 'inflates-too-far' : 'bad-zlib';
  }
  return inflated.engine.bytesWritten === stream.length ? inflated.buffer : 'trailing-bytes';
};
