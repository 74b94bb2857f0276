import type { SchemaText } from '@order-stream/serde';
import { areSame } from '../history/schema-history.ts';
import { SchemaFileError } from '../read-file.ts';
import type { TreeFile } from '../schema-reader/referred-files.ts';
import type { SchemaReader } from '../schema-reader/schema-reader.ts';

/**
 * An earlier version with the readings of its text that count if it cannot be used: with only those files as they are now
 * that its commit does not have, and with all files as they are now. git may not hold a file: it can be ignored, of another
 * repository, or behind a link that leaves this one.
 *
 * @param path of the file in the root
 */
export function rereadable<Version extends SchemaText>(
  version: Version,
  { path, dataFormat }: Pick<TreeFile, 'path' | 'dataFormat'>,
  readNow: SchemaReader,
): Version & { withFilesNow: () => Promise<readonly SchemaText[]> } {
  const withFilesNow = async () => {
    const { definition, references = [] } = version;
    const now = await readReleased({ path, dataFormat, definition }, readNow);
    const own = new Map(references.map((reference) => [reference.name, reference]));
    const names = new Set(now.references?.map(({ name }) => name));
    // Each before those that refer to it.
    const both = [
      ...references.filter(({ name }) => !names.has(name)),
      ...(now.references ?? []).map((reference) => own.get(reference.name) ?? reference),
    ];
    return [{ definition, references: both }, now];
  };
  return { ...version, withFilesNow };
}

/** Whether a version is the schema as it is now, with the files that its commit does not have as they are now. */
export async function isAsNow(
  version: ReturnType<typeof rereadable>,
  now: SchemaText,
): Promise<boolean> {
  if (version.definition !== now.definition) return false;
  return areSame(version, now) || areSame((await version.withFilesNow())[0], now);
}

/** A released text with the files that it refers to; without them if they cannot be read, which its comparison reports. */
export async function readReleased(file: TreeFile, read: SchemaReader): Promise<SchemaText> {
  try {
    const { definition, references } = await read(file);
    return { definition, references };
  } catch (error) {
    if (!(error instanceof SchemaFileError)) throw error;
    return { definition: file.definition };
  }
}
