import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'Apicurio, no registry, from one registry to the other',
  needs: ['docker', 'shared-broker'],
  limitSeconds: 420,
};
