import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    '`orders connect` with a worker of Kafka Connect; the profile `connect`, started in any order: generated topics, our orders in a sink of Connect; the jars of the worker’s image',
  needs: ['docker', 'shared-broker', 'jdk'],
  limitSeconds: 900,
  longestFiles: ['compose-connect.test.ts'],
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('./connect-worker.ts').then(({ fetchConnectWorker }) => fetchConnectWorker()),
  ],
};
