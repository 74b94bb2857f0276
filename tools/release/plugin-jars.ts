import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ZipEntry } from './stored-zip.ts';

/** A jar is missing, unlisted, has another checksum, or has the name of a different one. */
export class PluginRejectedError extends Error {
  readonly code = 'plugin-rejected';
  readonly retryable = false;
}

/** The checksums of a file that `sha256sum` wrote: path → SHA-256 in hex. */
export function readChecksums(file: string): Map<string, string> {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const [, sum, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      if (sum === undefined || path === undefined)
        throw new PluginRejectedError(`${file}: expected lines of sha256sum`);
      return [path, sum];
    }),
  );
}

/**
 * The jars below a folder, each with its listed checksum. Every listed jar must be there.
 *
 * @param checksums name of a jar → SHA-256 in hex
 * @throws PluginRejectedError
 */
export function verifiedJars(folder: string, checksums: ReadonlyMap<string, string>): ZipEntry[] {
  const jars = globSync('**/*.jar', { cwd: folder })
    .sort()
    .map((path) => ({ name: basename(path), content: readFileSync(join(folder, path)) }));
  const found = new Set(jars.map(({ name }) => name));
  for (const name of checksums.keys())
    if (!found.has(name)) throw new PluginRejectedError(`${folder}: ${name} is missing`);
  for (const { name, content } of jars) {
    const sum = createHash('sha256').update(content).digest('hex');
    const listed = checksums.get(name);
    if (listed === undefined)
      throw new PluginRejectedError(`${folder}: ${name} is not in the checksums; it has ${sum}`);
    if (listed !== sum)
      throw new PluginRejectedError(`${folder}: ${name} has ${sum}, expected ${listed}`);
  }
  return jars;
}

/**
 * The jars of all parts in one folder, as MSK Connect loads them. Equal jars are taken once.
 *
 * @throws PluginRejectedError two different jars have one name
 */
export function mergedJars(parts: readonly (readonly ZipEntry[])[]): ZipEntry[] {
  const merged = new Map<string, ZipEntry>();
  for (const jar of parts.flat()) {
    const other = merged.get(jar.name);
    if (other !== undefined && Buffer.compare(other.content, jar.content) !== 0)
      throw new PluginRejectedError(`two different jars are named ${jar.name}`);
    merged.set(jar.name, jar);
  }
  return [...merged.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
