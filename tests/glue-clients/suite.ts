import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'glue-local with other clients: the AWS CLI, boto3 and AWS’s SDK for JavaScript from the first registry to its deletion; Debezium’s tables as their columns change, by the Glue converter of Kafka Connect; the official Java serializers and the Python library with races, PENDING versions and every refusal; moto’s own tests of the Glue Schema Registry, its rules compared with botocore’s, and SIGKILL in the middle of 1000 registrations',
  needs: ['jdk', 'python'],
  limitSeconds: 900,
  longestFiles: ['aws-cli.test.ts'],
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('./moto-tests.ts').then(({ fetchMotoTests }) => fetchMotoTests()),
    import('./python.ts').then(({ fetchPython }) => fetchPython()),
    Promise.all([
      import('../conformance/java-library.ts'),
      import('../conformance/change-events.ts'),
    ]).then(([{ fetchJavaLibrary }, { debezium }]) =>
      Promise.all([fetchJavaLibrary(), fetchJavaLibrary(debezium)]),
    ),
    import('../conformance/python-library.ts').then(({ fetchPythonLibrary }) =>
      fetchPythonLibrary(),
    ),
  ],
};
