import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'both services with a broker that checks MSK IAM tokens',
  needs: ['iam-broker'],
  limitSeconds: 600,
};
