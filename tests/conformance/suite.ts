import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'exchange with the official Java and Python libraries; Kafka’s own client reads compressed batches; connectors know the properties of their files, here and on MSK Connect; the consumer reads change events of Debezium, and stores the files of Kafka Connect’s S3 sink; moto, dynalite and S3Mock answer the requests of the sinks as AWS does',
  needs: ['shared-broker', 'jdk', 'python'],
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('./java-library.ts').then(({ fetchJavaLibrary }) => fetchJavaLibrary()),
    Promise.all([import('./java-library.ts'), import('./change-events.ts')]).then(
      ([{ fetchJavaLibrary }, { debezium }]) => fetchJavaLibrary(debezium),
    ),
    Promise.all([import('./java-library.ts'), import('./connector-definitions.ts')]).then(
      ([{ fetchJavaLibrary }, { workers }]) => Promise.all(workers.map(fetchJavaLibrary)),
    ),
    import('./python-library.ts').then(({ fetchPythonLibrary }) => fetchPythonLibrary()),
    import('@order-stream/local-stack/moto').then(({ fetchMoto }) => fetchMoto()),
    import('@order-stream/local-stack/s3mock').then(({ fetchS3Mock }) => fetchS3Mock()),
  ],
};
