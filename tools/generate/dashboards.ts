// Generates Grafana's dashboards from ./dashboards. Compares them with docker/grafana/dashboards or writes them (`--write`).
import { consumerBoard } from './dashboards/consumer.ts';
import { ordersBoard } from './dashboards/orders.ts';
import { producerBoard } from './dashboards/producer.ts';
import { formattedJson, writeOrCompare } from './generated-file.ts';

writeOrCompare(
  'generate/dashboards.ts',
  [ordersBoard, producerBoard, consumerBoard].map((board) => {
    const path = `docker/grafana/dashboards/${board.uid}.json`;
    return { path, content: formattedJson(path, board) };
  }),
);
