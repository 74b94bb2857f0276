import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCode } from './build-code.ts';
import { buildDeclarations } from './build-declarations.ts';
import { binFile, nodeCheck } from './node-check.ts';
import type { PublishedPackage } from './published-package.ts';
import { thirdPartyLicences } from './third-party-licences.ts';

/** Writes `dist` of a package anew. */
export async function buildPackage(found: PublishedPackage, packageFolder: string): Promise<void> {
  const dist = join(packageFolder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, 'esm'), { recursive: true });
  const [{ exported, thirdPartyFiles }] = await Promise.all([
    buildCode(found, packageFolder),
    buildDeclarations(found, packageFolder),
  ]);
  const write = (path: string, text: string) => writeFileSync(join(dist, path), text);
  write('node-version.js', nodeCheck(found));
  write('esm/node-version.mjs', nodeCheck(found));
  if (found.manifest.bin) write('bin.js', binFile);
  const licences = thirdPartyLicences(thirdPartyFiles);
  if (licences !== '') write('THIRD-PARTY-LICENSES.txt', licences);
  for (const [name, names] of Object.entries(exported)) {
    // The same objects as for `require()`.
    write(
      `${name}.mjs`,
      `import './node-version.js';\nexport { ${names.join(', ')} } from './${name}.js';\n`,
    );
    write(`${name}.d.mts`, `export * from './${name}.js';\n`);
  }
}
