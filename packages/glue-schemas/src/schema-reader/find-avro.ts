import type { NamesOf } from '../definition-names.ts';
import { SchemaFileError } from '../read-file.ts';
import { versionIn, withoutVersion } from '../schema-file.ts';
import type { FindReferred, Lookup, ReferredFile, ReferredFiles } from './referred-files.ts';

/** Finds the `.avsc` files that define the names that a definition uses. */
export function createFindAvro(files: ReferredFiles, namesOf: NamesOf): FindReferred {
  let index: Promise<ReadonlyMap<string, readonly ReferredFile[]>> | undefined;

  return async ({ path: from, definition }, lookup) => {
    const found = new Map<string, ReferredFile>();
    for (const candidates of namesOf('AVRO', definition).outer) {
      const file = await findName(from, candidates, lookup);
      if (file && !found.has(file.path)) found.set(file.path, file);
    }
    return [...found.values()];
  };

  async function findName(from: string, candidates: readonly string[], { folders, keys }: Lookup) {
    for (const name of candidates) {
      const chosen = await files.readNamed(name, keys);
      if (chosen) return chosen;
      keys.addName(name);
      index ??= indexNames();
      // Another version of the file that uses the name does not define the name for it.
      const all = ((await index).get(name) ?? []).filter(
        ({ path }) => withoutVersion(path) !== withoutVersion(from),
      );
      for (const folder of folders) {
        const defining = all.filter(({ path }) => path.startsWith(folder));
        const [file, second] = defining;
        if (second)
          throw new SchemaFileError(
            `${name} is defined in ${defining.map(({ path }) => path).join(' and ')}; choose one with --references ${name}=FILE`,
          );
        if (file) return { ...file, name };
      }
    }
    return undefined;
  }

  /** The newest versions of the files by the names that they define. */
  async function indexNames() {
    const newest = new Map<string, { path: string; version: number }>();
    for (const path of (await files.tree.list()).filter((one) => one.endsWith('.avsc'))) {
      const [key, version] = [withoutVersion(path), versionIn(path) ?? 0];
      const known = newest.get(key);
      if (known === undefined || version > known.version) newest.set(key, { path, version });
    }
    const texts = await Promise.all(
      [...newest.values()].map(({ path }) => files.readOptional(path)),
    );
    const found = new Map<string, ReferredFile[]>();
    for (const file of texts.filter((one) => one !== undefined))
      for (const name of namesOf('AVRO', file.definition).defined)
        found.set(name, [...(found.get(name) ?? []), file]);
    return found;
  }
}
