import { constants, createInflate, deflateSync } from 'node:zlib';

/** The native side of Node's zlib streams. Not public; minizlib, which npm itself is built on, holds on to it too. */
interface NativeInflate {
  onerror: unknown;
  writeSync(
    flush: number,
    from: Uint8Array,
    fromOffset: number,
    fromLength: number,
    to: Uint8Array,
    toOffset: number,
    toLength: number,
  ): void;
  reset(): void;
}

/** What is left over of both buffers once a stream has ended. */
type Leftover = Uint32Array & { 0: number; 1: number };

/**
 * Inflates the zlib stream that fills `bytes` from `offset` on.
 *
 * @returns the body, in memory that the next call overwrites; `undefined` when the stream is broken,
 *   followed by more bytes, or longer than 64 KiB once inflated: `inflateSync` tells which
 */
export type PooledInflate = (bytes: Uint8Array, offset: number) => Buffer | undefined;

const maxBytes = 64 * 1024;
const { Z_FINISH } = constants;

/**
 * Inflates by one native stream that is never closed. `inflateSync` makes one for each call, which takes
 * seven times as long as a record of 50 bytes itself.
 *
 * @returns `undefined` where this version of Node does not have what this builds on
 */
export function createPooledInflate(): PooledInflate | undefined {
  const stream = createInflate() as unknown as {
    _handle?: NativeInflate;
    _writeState?: Leftover;
  };
  const { _handle, _writeState } = stream;
  if (typeof _handle?.writeSync !== 'function') return undefined;
  if (!(_writeState instanceof Uint32Array)) return undefined;
  const native = _handle;
  const left = _writeState as Leftover;
  const output = Buffer.allocUnsafeSlow(maxBytes);
  let failed = false;
  native.onerror = () => {
    failed = true;
  };

  function inflate(bytes: Uint8Array, offset: number): Buffer | undefined {
    failed = false;
    native.writeSync(Z_FINISH, bytes, offset, bytes.length - offset, output, 0, maxBytes);
    const room = left[0];
    const unread = left[1];
    native.reset();
    // Without room left the end of the stream may not have been reached.
    if (failed || room === 0 || unread !== 0) return undefined;
    return output.subarray(0, maxBytes - room);
  }

  return works(inflate) ? inflate : undefined;
}

function works(inflate: PooledInflate): boolean {
  const body = Buffer.from('the same again, the same again');
  const whole = deflateSync(body);
  const cut = whole.subarray(0, -1);
  const followed = Buffer.concat([whole, Buffer.alloc(1)]);
  try {
    return (
      inflate(whole, 0)?.equals(body) === true &&
      inflate(cut, 0) === undefined &&
      inflate(followed, 0) === undefined &&
      inflate(whole, 0)?.equals(body) === true
    );
  } catch {
    return false;
  }
}
