import { types } from 'node:util';
import { NotAFrameError } from '../errors.ts';

/**
 * The same bytes as a Buffer.
 *
 * @throws NotAFrameError null or undefined, the value of a tombstone
 * @throws TypeError not bytes: an error of the program, not of a record
 */
export function bufferView(bytes: Uint8Array): Buffer {
  // The second check is for bytes of another realm, such as the sandbox of a test runner.
  if (bytes instanceof Uint8Array || types.isUint8Array(bytes)) {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  if (bytes === null || bytes === undefined) throw new NotAFrameError(undefined);
  throw new TypeError('expected a Uint8Array to deserialize');
}
