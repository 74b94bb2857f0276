import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'glue-local with other clients: the AWS CLI, boto3 and AWS’s SDK for JavaScript from the first registry to its deletion, moto’s own tests of the Glue Schema Registry, its rules compared with botocore’s, and SIGKILL in the middle of 1000 registrations',
  needs: ['python'],
  limitSeconds: 600,
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [import('./moto-tests.ts').then(({ fetchMotoTests }) => fetchMotoTests())],
};
