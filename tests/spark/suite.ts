import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'PySpark reads the topic and the files of the S3 sink: the usual recipe, where it is wrong, and `examples/spark`',
  needs: ['shared-broker', 'jdk', 'python'],
  limitSeconds: 900,
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('./spark-session.ts').then(({ fetchSpark }) => fetchSpark()),
    import('@order-stream/local-stack/moto').then(({ fetchMoto }) => fetchMoto()),
  ],
};
