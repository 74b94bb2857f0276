import type { Suite } from '@order-stream/local-stack/suite';

export const suite: Suite = {
  shows: 'Grafana draws each panel, kafka-ui decodes an order',
  needs: ['docker-hub'],
  workflow: 'compose-real',
};
