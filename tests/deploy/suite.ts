import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'README and examples of `deploy/terraform`',
  needs: [],
};
