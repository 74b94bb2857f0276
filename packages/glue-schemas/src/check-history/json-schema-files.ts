import type { FileTree } from '../file-tree.ts';
import { versionIn, withoutVersion } from '../schema-file.ts';
import { isJsonSchema } from './is-json-schema.ts';

/**
 * Tells which .json files are JSON Schemas: those whose text in one of the trees is one. All numbers of a name are JSON
 * Schemas if one of them is.
 */
export function createJsonSchemaFiles(
  trees: readonly FileTree[],
): (path: string) => Promise<boolean> {
  let numbered: Promise<ReadonlyMap<string, readonly string[]>> | undefined;

  return async (path) => {
    if (await isSchemaAt(path)) return true;
    if (versionIn(path) === undefined) return false;
    numbered ??= listNumbered();
    for (const other of (await numbered).get(withoutVersion(path)) ?? [])
      if (other !== path && (await isSchemaAt(other))) return true;
    return false;
  };

  async function isSchemaAt(path: string): Promise<boolean> {
    for (const tree of trees) {
      // The check of a file that cannot be read reports the reason.
      const text = await tree.read(path).catch(() => '');
      if (text !== undefined && isJsonSchema(text)) return true;
    }
    return false;
  }

  /** The paths by their names without numbers. */
  async function listNumbered() {
    const lists = await Promise.all(trees.map((tree) => tree.list()));
    const paths = [...new Set(lists.flat())].filter(
      (path) => path.endsWith('.json') && versionIn(path) !== undefined,
    );
    return Map.groupBy(paths, withoutVersion);
  }
}
