import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'Apicurio, no registry, a topic with records of two registries',
  needs: ['docker', 'shared-broker'],
  limitSeconds: 600,
};
