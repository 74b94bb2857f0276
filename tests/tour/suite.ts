import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'every command of [tour.md](tour.md)',
  needs: ['docker'],
  limitSeconds: 600,
};
