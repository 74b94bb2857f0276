import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

/** A file that cannot be used. Exit code 1. */
export class SchemaFileError extends Error {
  readonly code = 'schema-file';
  readonly retryable = false;
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'expected a file, found a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'the symbolic links form a circle',
  ENAMETOOLONG: 'the name is too long',
  ERR_FS_FILE_TOO_LARGE: 'the file is too large',
};

/**
 * The text of a UTF-8 file. A byte order mark at its head is not part of it, as for Java's `Schema.Parser.parse(File)`.
 *
 * @throws SchemaFileError
 */
export function textOf(path: string): string {
  return decodeText(path, bytesOf(path));
}

/**
 * The text of UTF-8 bytes, without a byte order mark. Other bytes must not be replaced: another text would be registered or compared.
 *
 * @throws SchemaFileError
 */
export function decodeText(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SchemaFileError(`${name}: expected UTF-8 text`);
  }
}

/** @throws SchemaFileError */
export function bytesOf(path: string): Buffer {
  return attempt(path, () => readFileSync(path));
}

/** Whether there is no file, or a folder in its place. */
export function isMissing(path: string): boolean {
  return !existsSync(path) || isFolder(path);
}

/** @throws SchemaFileError */
export function isFolder(path: string): boolean {
  return attempt(path, () => statSync(path).isDirectory());
}

/** @throws SchemaFileError */
export function entriesIn(folder: string) {
  return attempt(folder, () => readdirSync(folder, { withFileTypes: true }));
}

/** @throws SchemaFileError */
export function writeText(path: string, text: string): void {
  attempt(path, () => writeFileSync(path, text));
}

function attempt<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new SchemaFileError(`${path || "''"}: ${problems[code] ?? message}`);
  }
}
