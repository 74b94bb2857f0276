import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'the stack, started from scratch in any order',
  needs: ['docker'],
  limitSeconds: 600,
};
