import { posix } from 'node:path';
import { isListed } from './file-tree.ts';
import { withoutVersion } from './schema-file.ts';

/**
 * What a schema depends on in a tree of files: the paths at which files are looked up, found or not, and the names that
 * other files may define. As long as nothing of these changes, reading the schema again gives the same result.
 */
export interface ReadKeys {
  addPath(path: string): void;
  addName(name: string): void;
  /** Whether a change concerns the schema. */
  isTouchedBy(change: TreeChange): boolean;
  isSameAs(other: ReadKeys): boolean;
  /** Without the numbers of versions. */
  readonly paths: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

/** How a tree differs from an earlier one. */
export interface TreeChange {
  /** Paths without the number of their version. */
  readonly paths: ReadonlySet<string>;
  /** Names that the changed files define, before or after. */
  readonly names: ReadonlySet<string>;
  /** Whether texts may have changed that are not compared, such as those behind symbolic links. */
  readonly isUnknown: boolean;
}

export function readKeys(): ReadKeys {
  const paths = new Set<string>();
  const names = new Set<string>();
  let readsUnlisted = false;
  return {
    ...{ paths, names },
    addPath(path) {
      const normal = posix.normalize(path);
      if (!isListed(normal)) readsUnlisted = true;
      // The number is not significant: `money.json` also means the newest of its versions.
      paths.add(withoutVersion(normal));
    },
    addName: (name) => names.add(name),
    isTouchedBy: (change) =>
      change.isUnknown ||
      readsUnlisted ||
      haveCommon(paths, change.paths) ||
      haveCommon(names, change.names),
    // Folders that are not listed follow from the paths.
    isSameAs: (other) => areEqual(paths, other.paths) && areEqual(names, other.names),
  };
}

function areEqual(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((value) => other.has(value));
}

function haveCommon(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [few, many] = one.size < other.size ? [one, other] : [other, one];
  for (const value of few) if (many.has(value)) return true;
  return false;
}
