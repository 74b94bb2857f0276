import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'what operators meet: brokers moved, partitions added, disks full, and every order accounted for',
  needs: ['shared-broker', 'jdk', 'python'],
  limitSeconds: 1200,
  filesAtOnce: 3,
  longestFiles: ['liveness.test.ts', 'clock.test.ts', 'topic-recreated.test.ts'],
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('../conformance/python-library.ts').then(({ fetchPythonLibrary }) =>
      fetchPythonLibrary(),
    ),
  ],
};
