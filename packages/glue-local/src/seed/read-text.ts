import { readFileSync, statSync } from 'node:fs';

/**
 * The text of a file without a byte order mark, as the command `glue-schemas register` reads it.
 * @throws Error it cannot be read, is not a regular file, or is not UTF-8
 */
export function readText(path: string): string {
  const found = statSync(path);
  // Without this, the start waits until a program writes to the FIFO.
  if (!found.isFile()) {
    const kind = found.isFIFO() ? 'a FIFO' : found.isSocket() ? 'a socket' : 'a device';
    throw new Error(`expected a file, found ${kind}`);
  }
  const bytes = readFileSync(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('expected UTF-8 text');
  }
}
