import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type FileTree, withSlashes, workingTree } from '../file-tree.ts';
import type { CommitTree } from '../history/commit-tree.ts';
import type { GitRepository } from '../history/git-repository.ts';
import { comparableText } from '../history/line-ends.ts';
import type { SchemaFile } from '../schema-file.ts';
import type { TreeFile } from '../schema-reader/referred-files.ts';
import {
  createSchemaReader,
  type SchemaReader,
  type SchemaReaderOptions,
} from '../schema-reader/schema-reader.ts';

/** The files of one root, now and as the base has them. Texts have line feeds only. */
export interface Comparison {
  readonly repository: GitRepository;
  readonly root: string;
  readonly now: FileTree;
  readonly base: CommitTree;
  readonly readNow: SchemaReader;
  readonly readBase: SchemaReader;
  /** Whether a file that is as in the base is compared with that text only. */
  readonly acceptsBase: boolean;
}

/** @param base the files of the root in the commit of the repository */
export function createComparison(
  repository: GitRepository,
  root: string,
  base: CommitTree,
  { acceptsBase, ...options }: SchemaReaderOptions & { readonly acceptsBase: boolean },
): Comparison {
  const now = workingTree(root, comparableText);
  const readNow = createSchemaReader(now, options);
  const readBase = createSchemaReader(base, options);
  return { repository, root, now, base, readNow, readBase, acceptsBase };
}

/** The path of a file in a folder without symbolic links. */
export function pathIn(root: string, path: string): string {
  return withSlashes(relative(root, join(realpathSync(dirname(path)), basename(path))));
}

export function isOutside(path: string): boolean {
  return path.startsWith('../');
}

/** A file as a file of the root. */
export function inRoot(
  { path, dataFormat }: SchemaFile,
  root: string,
  definition = comparableText(path),
): TreeFile {
  return { path: pathIn(root, path), dataFormat, definition };
}

/** The root as a path of the same kind as those of the files: relative if these are. */
export function shownFolder(files: readonly SchemaFile[], root: string): string {
  const first = files.find(({ path }) => !isOutside(pathIn(root, path)));
  if (first === undefined) return root;
  const depth = pathIn(root, first.path).split('/').length;
  return join(first.path, ...Array.from({ length: depth }, () => '..'));
}
