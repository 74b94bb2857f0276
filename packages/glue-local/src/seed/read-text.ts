import { readFileSync } from 'node:fs';

/**
 * The text of a file as it is, a byte order mark included.
 * @throws Error it cannot be read, or is not UTF-8
 */
export function readText(path: string): string {
  const bytes = readFileSync(path);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('expected UTF-8 text');
  }
}
