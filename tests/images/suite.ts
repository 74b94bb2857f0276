import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'each image under load in the smallest Fargate task',
  needs: ['docker'],
  limitSeconds: 600,
};
