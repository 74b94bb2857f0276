import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'the packed packages as strangers install them: `require()` and `import`, TypeScript’s ways to resolve modules, Jest, esbuild, rollup, older versions of Node, the quick starts',
  needs: [],
  limitSeconds: 600,
  filesAtOnce: 2,
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('./installed-packages.ts').then(({ installedPackages }) => installedPackages()),
    import('./own-dependencies.ts').then(({ installDependencies }) => installDependencies()),
    import('./node-version.ts').then(({ nodeOf }) => Promise.all([nodeOf(20), nodeOf(22)])),
  ],
};
