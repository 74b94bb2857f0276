import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'services as processes, outages, restarts, `npm start`',
  needs: ['shared-broker', 'python'],
};
