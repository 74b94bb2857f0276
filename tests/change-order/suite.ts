import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    'the steps of CONTRIBUTING for a new field and of docs/sinks.md for a new sink, in a copy of the tree',
  needs: ['shared-broker'],
  limitSeconds: 600,
};
