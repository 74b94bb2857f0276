import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'a field added to the order by the steps of CONTRIBUTING, in a copy of the tree',
  needs: ['shared-broker'],
  limitSeconds: 300,
};
