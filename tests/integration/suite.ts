import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'services as processes, outages, restarts',
  needs: ['shared-broker', 'jdk', 'python'],
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('../conformance/python-library.ts').then(({ fetchPythonLibrary }) =>
      fetchPythonLibrary(),
    ),
    import('@order-stream/local-stack/moto').then(({ fetchMoto }) => fetchMoto()),
    import('@order-stream/local-stack/s3mock').then(({ fetchS3Mock }) => fetchS3Mock()),
  ],
};
