import {
  PercentUnit,
  RequestsPerSecond,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';
import { board } from './board.ts';
import { lines, stat } from './panel.ts';

const sent =
  'messaging_client_sent_messages_total{job="order-producer",error_type="",instance=~"$instance",messaging_destination_name=~"$topic"}';
const consumed =
  'messaging_client_consumed_messages_total{job="order-consumer",instance=~"$instance",messaging_destination_name=~"$topic"}';
const posted =
  'job="order-producer",http_request_method="POST",http_route="/orders",instance=~"$instance"';
const timeTo201 = (quantile: number) =>
  `histogram_quantile(${quantile}, sum by (le) (rate(http_server_request_duration_seconds_bucket{${posted},http_response_status_code="201"}[$__rate_interval])))`;

/** The user's view: are orders accepted, how fast, and are they delivered? */
export const ordersBoard = board({
  uid: 'orders',
  title: 'Orders',
  description: "The user's view: are orders accepted, how fast, and are they delivered?",
  instances: 'label_values(up{job=~"order-producer|order-consumer"}, instance)',
  topics: 'label_values(messaging_client_sent_messages_total, messaging_destination_name)',
  panels: [
    stat({
      title: 'Orders per second, now',
      unit: RequestsPerSecond,
      description: 'Orders that Kafka acknowledged. Zero while clients post: no order is accepted.',
      runbook: 'OrdersErrorBudgetBurnsFast',
      query: `sum(rate(${sent}[$__rate_interval]))`,
    }),
    stat({
      title: 'Time to 201, 99th percentile',
      unit: Seconds,
      description: 'From the request to its 201, 99th percentile over five minutes.',
      runbook: 'OrdersAcknowledgedSlowly',
      query: 'job:orders_acknowledgement_seconds:p99_rate5m',
    }),
    stat({
      title: 'Failed in the service, last hour',
      unit: PercentUnit,
      description:
        'Share of POST /orders answered with 5xx. The objective is at most 0.1 %. Invalid orders (4xx) do not count.',
      runbook: 'OrdersErrorBudgetBurnsFast',
      query: 'job:orders_errors:ratio_rate1h',
    }),
    stat({
      title: 'Oldest unread record',
      unit: Seconds,
      description: 'Approximate age of the oldest record that the consumer has not acknowledged.',
      runbook: 'OrdersConsumerLags',
      query: 'max(topic:orders_consumer_lag_seconds:max{topic=~"$topic"})',
    }),
    lines({
      title: 'Orders in and out',
      unit: RequestsPerSecond,
      description:
        'Orders that Kafka acknowledged, and records that the consumer delivered. A lasting gap: lag grows.',
      runbook: 'OrdersConsumerLags',
      queries: {
        acknowledged: `sum(rate(${sent}[$__rate_interval]))`,
        delivered: `sum(rate(${consumed}[$__rate_interval]))`,
      },
    }),
    lines({
      title: 'Time to 201',
      unit: Seconds,
      description:
        'From the request to its 201. A rise: brokers are slow to acknowledge, or the service lacks CPU.',
      runbook: 'OrdersAcknowledgedSlowly',
      queries: {
        median: timeTo201(0.5),
        '95th percentile': timeTo201(0.95),
        '99th percentile': timeTo201(0.99),
      },
    }),
    lines({
      title: 'Answers by status',
      unit: RequestsPerSecond,
      description:
        'Answers to POST /orders. 503: rejected, clients should retry. 422: the order is invalid.',
      runbook: 'OrdersErrorBudgetBurnsFast',
      queries: {
        '{{http_response_status_code}}': `sum by (http_response_status_code) (rate(http_server_request_duration_seconds_count{${posted}}[$__rate_interval]))`,
      },
    }),
    lines({
      title: 'Unread records',
      unit: Short,
      description:
        'Records that the consumer has not acknowledged. A steady rise: more arrive than are delivered.',
      runbook: 'OrdersConsumerLags',
      queries: { '{{topic}}': 'topic:orders_consumer_lag_records:sum{topic=~"$topic"}' },
    }),
    lines({
      title: 'Dead letters',
      unit: Short,
      description: 'Records written to the dead-letter topic in ten minutes, which keeps them.',
      runbook: 'OrdersDeadLetters',
      queries: {
        '{{reason}}':
          'sum by (reason) (increase(orders_dlq_messages_total{job="order-consumer"}[10m]))',
      },
    }),
    lines({
      title: 'Firing alerts',
      unit: Short,
      description: 'Firing alerts of this system. Empty is good.',
      runbook: 'Runbook',
      queries: {
        '{{alertname}}': 'count by (alertname) (ALERTS{alertstate="firing",alertname=~"Orders.+"})',
      },
    }),
  ],
});
