import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: '`docker compose up` seen from the host, profiles, runbook commands',
  needs: ['docker'],
  limitSeconds: 600,
  // The stacks of two files can have the same project name: COMPOSE_PROJECT_NAME.
  filesAtOnce: 1,
};
