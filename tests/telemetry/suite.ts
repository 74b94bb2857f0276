import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'every query with a real Prometheus; every alert fires',
  needs: ['docker'],
  limitSeconds: 900,
};
