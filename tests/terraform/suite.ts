import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'rendered stacks against what the services call and read',
  needs: ['terraform'],
  limitSeconds: 1200,
};
