import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

/** The packages that can be published, by the names of their folders. All other packages of the workspace are private. */
export const publishedFolders = ['serde', 'glue-schemas', 'glue-local'];

/** The parts of a package.json of the workspace that packing reads. Paths are those of TypeScript files. */
export interface Manifest {
  name: string;
  version: string;
  engines: { node: string };
  exports: Record<string, string>;
  bin?: Record<string, string>;
  dependencies: Record<string, string>;
  [key: string]: unknown;
}

export interface PublishedPackage {
  folder: string;
  manifest: Manifest;
  /** Source files relative to the folder, by the names of the compiled files. */
  entries: Record<string, string>;
  /** The oldest version of Node that the package supports, for example `22` or `22.13`. */
  minimumNode: string;
}

/** @param text the workspace's package.json of the package in `folder` */
export function publishedPackage(folder: string, text: string): PublishedPackage {
  const manifest = JSON.parse(text) as Manifest;
  const entries = Object.entries(manifest.exports).map(([path, source]) => [
    path === '.' ? 'index' : path.slice('./'.length),
    source,
  ]);
  return {
    folder,
    manifest,
    entries: Object.fromEntries(entries),
    minimumNode: manifest.engines.node.replace(/^>=/, ''),
  };
}

/** Names and versions of the published packages in this workspace. */
export function publishedVersions(): Record<string, string> {
  const manifests = publishedFolders.map(
    (folder) =>
      JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as Manifest,
  );
  return Object.fromEntries(manifests.map(({ name, version }) => [name, version]));
}

/**
 * Dependencies whose code becomes part of the packed package: private packages of the workspace, and typebox, which is
 * published as ES modules only, so that Jest and Node before 22.12 could not `require()` it.
 */
export function isInlined(dependency: string): boolean {
  if (dependency === 'typebox') return true;
  return dependency.startsWith('@order-stream/') && !(dependency in publishedVersions());
}
