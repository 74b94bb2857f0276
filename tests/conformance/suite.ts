import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'the official Java and Python libraries, both ways; compressed batches read by Kafka’s own client',
  needs: ['shared-broker', 'jdk', 'python'],
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('./java-library.ts').then(({ fetchJavaLibrary }) => fetchJavaLibrary()),
    import('./python-library.ts').then(({ fetchPythonLibrary }) => fetchPythonLibrary()),
  ],
};
