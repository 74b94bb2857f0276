import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: '`docker compose up` seen from the host, profiles, runbook commands',
  needs: ['docker'],
  limitSeconds: 600,
};
