import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows:
    '`orders db` with PostgreSQL and MySQL: set-up on a real terminal, changes while the database is killed',
  needs: ['docker', 'python'],
  limitSeconds: 900,
  // The stacks of two files can have the same project name: COMPOSE_PROJECT_NAME.
  filesAtOnce: 1,
};
