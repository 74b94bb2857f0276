import { join } from 'node:path';
import { type OutputOptions, rollup } from 'rollup';
import type { PublishedPackage } from './published-package.ts';
import { inlineDependencies, stripTypes, versionOfManifest } from './source-plugins.ts';

export interface BuiltCode {
  /** The names that each entry exports, by the name of the entry. */
  exported: Record<string, string[]>;
  /** The files of other packages whose code is in the result. */
  thirdPartyFiles: string[];
}

/** Compiles the entries of a package: to CommonJS in `dist`, and to ES modules for bundlers in `dist/esm`. */
export async function buildCode(
  { entries, manifest }: PublishedPackage,
  packageFolder: string,
): Promise<BuiltCode> {
  const [main] = Object.values(manifest.bin ?? {});
  const sources = Object.entries({ ...entries, ...(main !== undefined && { main }) });
  const bundle = await rollup({
    input: Object.fromEntries(sources.map(([name, path]) => [name, join(packageFolder, path)])),
    plugins: [inlineDependencies(packageFolder), stripTypes(), versionOfManifest()],
    // An inlined package keeps only the parts that are used.
    treeshake: { moduleSideEffects: false },
    onwarn: ({ code, ids = [], message }) => {
      // Modules of an inlined dependency may import each other.
      const ofDependency = ids.every((id) => id.includes('/node_modules/'));
      if (code !== 'CIRCULAR_DEPENDENCY' || !ofDependency) throw new Error(message);
    },
  });
  await bundle.write({
    ...layout(join(packageFolder, 'dist'), 'js'),
    format: 'cjs',
    exports: 'named',
    // As in Node's ES modules: the default export of a CommonJS module is its module.exports.
    interop: 'default',
    // Jest's default mode has no import().
    dynamicImportInCjs: false,
    strict: false,
    banner: ({ isEntry }) => `'use strict';${isEntry ? `\nrequire('./node-version.js');` : ''}`,
  });
  const { output } = await bundle.write({
    ...layout(join(packageFolder, 'dist/esm'), 'mjs'),
    format: 'es',
    banner: ({ isEntry }) => (isEntry ? `import './node-version.mjs';` : ''),
  });
  await bundle.close();
  const chunks = output.filter((part) => part.type === 'chunk');
  const exported = chunks.filter(({ name, isEntry }) => isEntry && name in entries);
  return {
    exported: Object.fromEntries(exported.map((chunk) => [chunk.name, chunk.exports])),
    thirdPartyFiles: chunks
      .flatMap(({ moduleIds }) => moduleIds)
      .filter((id) => id.includes('/node_modules/')),
  };
}

function layout(dir: string, extension: string): OutputOptions {
  return {
    dir,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunks/[name]-[hash].${extension}`,
    hoistTransitiveImports: false,
    generatedCode: 'es2015',
  };
}
