import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'what operators meet: brokers moved, partitions added, disks full, and every order accounted for',
  needs: ['shared-broker', 'jdk', 'python'],
  limitSeconds: 600,
  filesAtOnce: 3,
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('../conformance/python-library.ts').then(({ fetchPythonLibrary }) =>
      fetchPythonLibrary(),
    ),
  ],
};
