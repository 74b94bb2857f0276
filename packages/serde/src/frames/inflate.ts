import { inflateSync } from 'node:zlib';
import { type Inflate, inflatedLimit } from './inflated-limit.ts';
import { createPooledInflate } from './pooled-inflate.ts';

let chosen: Inflate | undefined;

/** Inflates with the pooled stream if this version of Node supports it, else with `inflateSync`. */
export const inflate: Inflate = (bytes, offset, maxBytes) => {
  chosen ??= createPooledInflate() ?? inflateBySync;
  return chosen(bytes, offset, maxBytes);
};

/** Inflates through Node's public API alone. */
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
