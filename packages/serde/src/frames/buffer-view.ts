import { types } from 'node:util';
import { NotAFrameError } from '../errors.ts';

/**
 * The same bytes as a Buffer.
 *
 * @throws NotAFrameError null or undefined, the value of a tombstone
 * @throws TypeError no bytes: a fault of the program, and not of a record
 */
export function bufferView(bytes: Uint8Array): Buffer {
  // The second test is for bytes of another realm, as in a worker's or a test runner's sandbox.
  if (bytes instanceof Uint8Array || types.isUint8Array(bytes)) {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  if (bytes === null || bytes === undefined) throw new NotAFrameError(undefined);
  throw new TypeError('a value to be read has to be a Uint8Array');
}
