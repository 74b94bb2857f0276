import { join } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import type { PublishedPackage } from './published-package.ts';
import { inlineDependencies } from './source-plugins.ts';

/** Writes the declarations of every entry, without those of files that no entry exports from. */
export async function buildDeclarations(
  { entries }: PublishedPackage,
  packageFolder: string,
): Promise<void> {
  const bundle = await rollup({
    input: Object.fromEntries(
      Object.entries(entries).map(([name, path]) => [name, join(packageFolder, path)]),
    ),
    plugins: [
      inlineDependencies(packageFolder),
      dts({ tsconfig: join(packageFolder, '../../tsconfig.json') }),
    ],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  await bundle.write({
    dir: join(packageFolder, 'dist'),
    entryFileNames: '[name].d.ts',
    chunkFileNames: 'chunks/[name]-[hash].d.ts',
  });
  await bundle.close();
}
