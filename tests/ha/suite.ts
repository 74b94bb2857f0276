import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'three brokers, one killed under load, then too few in-sync replicas: no order is lost',
  needs: ['docker'],
  limitSeconds: 600,
};
