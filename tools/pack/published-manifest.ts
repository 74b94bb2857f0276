import { isInlined, type PublishedPackage, publishedVersions } from './published-package.ts';

const workspaceOnly = ['private', 'scripts', 'devDependencies', 'dependencies', 'exports', 'type'];

/**
 * The package.json of the packed package: compiled files in place of TypeScript, versions in place of `workspace:`.
 * Node loads the CommonJS files for `import` as well, so a process never has two copies of a class. The condition `module`
 * is read by bundlers alone.
 *
 * @param repository `owner/name` on GitHub, which npm compares with the provenance; absent outside of GitHub's workflows
 */
export function publishedManifest(found: PublishedPackage, repository?: string): object {
  const { folder, manifest, entries } = found;
  const kept = Object.entries(manifest).filter(([key]) => !workspaceOnly.includes(key));
  const names = Object.keys(entries);
  const subpaths = names.filter((name) => name !== 'index');
  return {
    ...Object.fromEntries(kept),
    ...(repository !== undefined && {
      repository: {
        type: 'git',
        url: `git+https://github.com/${repository}.git`,
        directory: `packages/${folder}`,
      },
    }),
    type: 'commonjs',
    main: './dist/index.js',
    types: './dist/index.d.ts',
    exports: {
      ...Object.fromEntries(
        names.map((name) => [name === 'index' ? '.' : `./${name}`, targets(name)]),
      ),
      './package.json': './package.json',
    },
    // For `moduleResolution: node10`, which does not read `exports`.
    ...(subpaths.length > 0 && {
      typesVersions: {
        '*': Object.fromEntries(subpaths.map((name) => [name, [`./dist/${name}.d.ts`]])),
      },
    }),
    ...(manifest.bin && {
      bin: Object.fromEntries(Object.keys(manifest.bin).map((name) => [name, './dist/bin.js'])),
    }),
    sideEffects: ['./dist/node-version.js', './dist/esm/node-version.mjs'],
    dependencies: publishedDependencies(manifest.dependencies),
    publishConfig: { access: 'public' },
  };
}

function targets(name: string): object {
  return {
    module: `./dist/esm/${name}.mjs`,
    import: { types: `./dist/${name}.d.mts`, default: `./dist/${name}.mjs` },
    require: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  };
}

function publishedDependencies(dependencies: Record<string, string>): Record<string, string> {
  const versions = publishedVersions();
  const outside = Object.entries(dependencies).filter(([name]) => !isInlined(name));
  return Object.fromEntries(
    outside.map(([name, range]) => [name, range.replace(/^workspace:\^$/, `^${versions[name]}`)]),
  );
}
