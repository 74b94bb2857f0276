import { fstatSync, readSync, statSync } from 'node:fs';

/**
 * Whether a standard stream was closed when the process started. Node then opens /dev/null in its place, for reading and
 * writing. A redirection by `>/dev/null` allows no reading. Programs that open /dev/null for both, such as Python's
 * `subprocess.DEVNULL`, cannot be told from a closed stream.
 */
export function wasClosed(descriptor: number): boolean {
  if (fstatSync(descriptor).rdev !== statSync('/dev/null').rdev) return false;
  try {
    readSync(descriptor, Buffer.alloc(1));
    return true;
  } catch {
    return false;
  }
}
