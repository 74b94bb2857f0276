import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: '`orders connect` with a worker of Kafka Connect',
  needs: ['docker', 'shared-broker', 'jdk'],
  limitSeconds: 600,
  // Imported only when this suite runs, because every `npm test` reads this file.
  downloads: () => [
    import('./connect-worker.ts').then(({ fetchConnectWorker }) => fetchConnectWorker()),
  ],
};
