import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: '`docker compose up` from outside, profiles, runbook commands',
  needs: ['docker'],
  limitSeconds: 600,
};
