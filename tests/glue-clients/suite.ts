import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'glue-local with other clients: moto’s own tests of the Glue Schema Registry, and its rules compared with botocore’s',
  needs: ['python'],
  limitSeconds: 300,
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [import('./moto-tests.ts').then(({ fetchMotoTests }) => fetchMotoTests())],
};
