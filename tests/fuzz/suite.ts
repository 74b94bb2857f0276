import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'random schemas and values, compared with the official Java libraries (Avro, JSON Schema, Protobuf), and verdicts about JSON Schema with values',
  needs: ['jdk'],
  // About a minute of comparison, and a minute of tests of the comparison itself.
  limitSeconds: 600,
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('../conformance/java-library.ts').then(({ fetchJavaLibrary }) => fetchJavaLibrary()),
  ],
};
