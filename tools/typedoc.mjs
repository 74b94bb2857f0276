// The options of `npm run docs:api`: the reference of every entry of the packages that can be published.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { publishedFolders, publishedPackage } from './pack/published-package.ts';

const root = resolve(import.meta.dirname, '..');
const packages = publishedFolders.map((folder) =>
  publishedPackage(folder, readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')),
);

export default {
  name: 'order-stream packages',
  entryPoints: packages.flatMap(({ folder, entries }) =>
    Object.values(entries).map((source) => join(root, 'packages', folder, source)),
  ),
  tsconfig: join(root, 'tsconfig.json'),
  out: join(root, 'dist/api'),
  readme: 'none',
  packagesRequiringDocumentation: packages.map(({ manifest }) => manifest.name),
  requiredToBeDocumented: ['Enum', 'Variable', 'Function', 'Class', 'Interface', 'TypeAlias'],
  validation: { notDocumented: true, notExported: false, invalidLink: true },
  treatValidationWarningsAsErrors: true,
  skipErrorChecking: true,
};
