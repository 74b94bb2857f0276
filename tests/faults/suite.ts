import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'processes killed at each request, zombies, poison, stores that fail or are slow, a registry with faults: each record accounted for',
  // Each file has a broker of its own, with short sessions and a proxy.
  needs: ['jdk', 'python'],
  limitSeconds: 1200,
  filesAtOnce: 2,
  longestFiles: ['kill-points.test.ts', 'stores.test.ts', 'stores-membership.test.ts'],
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('@order-stream/local-stack/moto').then(({ fetchMoto }) => fetchMoto()),
    import('@order-stream/local-stack/s3mock').then(({ fetchS3Mock }) => fetchS3Mock()),
  ],
};
