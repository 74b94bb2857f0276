import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: '`npm start`, `npm run clean` and `npm run kafka` as a developer runs them',
  needs: ['own-broker'],
  limitSeconds: 600,
  // They wait for most of their time.
  filesAtOnce: 4,
};
