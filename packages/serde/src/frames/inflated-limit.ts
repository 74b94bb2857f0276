import type { Damage } from '../errors.ts';

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
