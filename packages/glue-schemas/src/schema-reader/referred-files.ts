import type { DataFormat } from '@order-stream/serde';
import type { Draft } from '@order-stream/serde/json-schema';
import type { FileTree } from '../file-tree.ts';
import type { ReadKeys } from '../read-keys.ts';
import { versionIn, withoutVersion } from '../schema-file.ts';

/** The text of a file at a path of the tree. */
export interface TreeFile {
  readonly path: string;
  readonly dataFormat: DataFormat;
  readonly definition: string;
}

/** A file that another one refers to by `name`. */
export interface ReferredFile {
  readonly name: string;
  readonly path: string;
  readonly definition: string;
}

/** How the names in a schema and its files are looked up. */
export interface Lookup {
  /** For Avro and Protobuf, each with a slash at its end; the nearest first. */
  readonly folders: readonly string[];
  /** Of a JSON Schema without `$schema`. */
  readonly draft: Draft;
  readonly keys: ReadKeys;
}

/** Finds the files to which a file of one format refers. */
export type FindReferred = (
  file: Pick<TreeFile, 'path' | 'definition'>,
  lookup: Lookup,
) => Promise<readonly ReferredFile[]>;

export type ReferredFiles = ReturnType<typeof createReferredFiles>;

/**
 * Reads the files of a tree that others refer to.
 *
 * @param named paths by the name of a reference
 */
export function createReferredFiles(tree: FileTree, named: ReadonlyMap<string, string>) {
  let newest: Promise<ReadonlyMap<string, string>> | undefined;
  return { tree, readNamed, readNewest, readOptional };

  /** The file that was chosen for a name. */
  async function readNamed(name: string, keys: ReadKeys): Promise<ReferredFile | undefined> {
    const path = named.get(name);
    if (path === undefined) return undefined;
    keys.addPath(path);
    const definition = await tree.read(path);
    return definition === undefined ? undefined : { name, path, definition };
  }

  /** The file at a path, or the newest of its versions. */
  async function readNewest(
    name: string,
    path: string,
    keys: ReadKeys,
  ): Promise<ReferredFile | undefined> {
    keys.addPath(path);
    if ((await tree.read(path)) !== undefined) return await renamed(path);
    newest ??= newestVersions();
    const version = (await newest).get(path);
    return version === undefined ? undefined : await renamed(version);

    async function renamed(at: string): Promise<ReferredFile | undefined> {
      const file = await readOptional(at);
      return file && { ...file, name };
    }
  }

  /** The newest version of each name: `money.v2.json` stands for `money.json`. */
  async function newestVersions(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const path of await tree.list()) {
      const version = versionIn(path);
      if (version === undefined) continue;
      const known = found.get(withoutVersion(path));
      if (known === undefined || version >= (versionIn(known) ?? 0))
        found.set(withoutVersion(path), path);
    }
    return found;
  }

  /** `undefined` also for a file that cannot be read: a name does not mean such a file. */
  async function readOptional(path: string): Promise<ReferredFile | undefined> {
    const definition = await tree.read(path).catch(() => undefined);
    return definition === undefined ? undefined : { name: path, path, definition };
  }
}
