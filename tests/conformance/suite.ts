import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'exchange with the official Java and Python libraries; Kafka’s own client reads compressed batches',
  needs: ['shared-broker', 'jdk', 'python'],
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('./java-library.ts').then(({ fetchJavaLibrary }) => fetchJavaLibrary()),
    import('./python-library.ts').then(({ fetchPythonLibrary }) => fetchPythonLibrary()),
  ],
};
