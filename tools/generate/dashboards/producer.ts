import { BytesIEC, RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { board } from './board.ts';
import { lines } from './panel.ts';
import { processPanels } from './process-panels.ts';

const of = 'job="order-producer",instance=~"$instance"';
const topic = 'messaging_destination_name=~"$topic"';
const answers = `http_server_request_duration_seconds_count{${of}}`;
const batchTime = (quantile: number) =>
  `histogram_quantile(${quantile}, sum by (le) (rate(messaging_client_operation_duration_seconds_bucket{${of},${topic},error_type=""}[$__rate_interval])))`;

/** From the request to the brokers' acknowledgement, for operators of the producer. */
export const producerBoard = board({
  uid: 'order-producer',
  title: 'Order producer',
  description: "From the request to the brokers' acknowledgement.",
  instances: 'label_values(up{job="order-producer"}, instance)',
  topics: 'label_values(messaging_client_sent_messages_total, messaging_destination_name)',
  panels: [
    lines({
      title: 'Requests per second by status',
      unit: RequestsPerSecond,
      description: 'Answers of all routes. 5xx: the log line "request rejected" names the problem.',
      runbook: 'OrdersErrorBudgetBurnsFast',
      queries: {
        '{{http_route}} {{http_response_status_code}}': `sum by (http_route, http_response_status_code) (rate(${answers}[$__rate_interval]))`,
      },
    }),
    lines({
      title: 'Requests in flight',
      unit: Short,
      description:
        'Requests without an answer. A rise: orders arrive faster than brokers acknowledge. At MAX_IN_FLIGHT the service answers 503.',
      runbook: 'OrdersErrorBudgetBurnsFast',
      queries: { '{{instance}}': `http_server_active_requests{${of}}` },
    }),
    lines({
      title: 'Bytes in flight',
      unit: BytesIEC,
      description:
        'Bytes of orders without an answer, and of bodies that have arrived in part. At MAX_IN_FLIGHT_BYTES of either the service answers 503.',
      runbook: 'OrdersErrorBudgetBurnsFast',
      queries: {
        '{{instance}}': `orders_producer_inflight_bytes{${of}}`,
        '{{instance}} arriving': `orders_producer_receiving_bytes{${of}}`,
      },
    }),
    lines({
      title: "Brokers' time for a batch",
      unit: Seconds,
      description:
        'From sending to the acknowledgement by all in-sync replicas. A rise: slow brokers or replicas.',
      runbook: 'OrdersAcknowledgedSlowly',
      queries: { median: batchTime(0.5), '99th percentile': batchTime(0.99) },
    }),
    lines({
      title: 'Records per batch',
      unit: Short,
      description:
        'Orders in one batch. A rise under load is good: fewer requests carry more orders.',
      runbook: 'OrdersAcknowledgedSlowly',
      queries: {
        records: `sum(rate(messaging_client_sent_messages_total{${of},${topic},error_type=""}[$__rate_interval])) / sum(rate(messaging_client_operation_duration_seconds_count{${of},${topic},error_type=""}[$__rate_interval]))`,
      },
    }),
    lines({
      title: 'Records not acknowledged, by reason',
      unit: Short,
      description:
        'outcome-unknown: the answer was lost and the order may have been written. refused: brokers will never accept it. Names of Kafka, such as not-enough-replicas: brokers refuse every write.',
      runbook: 'OrdersErrorBudgetBurnsFast',
      queries: {
        '{{error_type}}': `sum by (error_type) (increase(messaging_client_sent_messages_total{${of},${topic},error_type!=""}[$__rate_interval]))`,
      },
    }),
    ...processPanels('order-producer'),
  ],
});
