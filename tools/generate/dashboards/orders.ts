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

/** What a user of the system sees: are orders taken, how fast, and do they come out? */
export const ordersBoard = board({
  uid: 'orders',
  title: 'Orders',
  description: 'What a user of the system sees: are orders taken, how fast, and do they come out?',
  instances: 'label_values(up{job=~"order-producer|order-consumer"}, instance)',
  topics: 'label_values(messaging_client_sent_messages_total, messaging_destination_name)',
  panels: [
    stat(
      {
        title: 'Orders a second, now',
        unit: RequestsPerSecond,
        description: 'Orders that Kafka acknowledged. Zero while clients post: nothing is taken.',
        runbook: 'OrdersErrorBudgetBurnsFast',
      },
      `sum(rate(${sent}[$__rate_interval]))`,
    ),
    stat(
      {
        title: 'Time to 201, slowest hundredth',
        unit: Seconds,
        description: 'From the request to its 201, 99th percentile of five minutes.',
        runbook: 'OrdersAcknowledgedSlowly',
      },
      'job:orders_acknowledgement_seconds:p99_rate5m',
    ),
    stat(
      {
        title: 'Refused by the service, last hour',
        unit: PercentUnit,
        description:
          'Share of POST /orders answered 5xx. The aim is at most 0.1 %; wrong orders (4xx) do not count.',
        runbook: 'OrdersErrorBudgetBurnsFast',
      },
      'job:orders_errors:ratio_rate1h',
    ),
    stat(
      {
        title: 'Oldest order that waits',
        unit: Seconds,
        description: 'About how old the oldest order is that the consumer has not acknowledged.',
        runbook: 'OrdersConsumerLags',
      },
      'max(topic:orders_consumer_lag_seconds:max{topic=~"$topic"})',
    ),
    lines(
      {
        title: 'Orders in and out',
        unit: RequestsPerSecond,
        description:
          'Orders that Kafka acknowledged, and records that left the consumer. Apart for long: lag grows.',
        runbook: 'OrdersConsumerLags',
      },
      {
        acknowledged: `sum(rate(${sent}[$__rate_interval]))`,
        delivered: `sum(rate(${consumed}[$__rate_interval]))`,
      },
    ),
    lines(
      {
        title: 'Time to 201',
        unit: Seconds,
        description:
          'From the request to its 201. A rise: brokers acknowledge slowly, or the service lacks CPU.',
        runbook: 'OrdersAcknowledgedSlowly',
      },
      {
        median: timeTo201(0.5),
        '95th percentile': timeTo201(0.95),
        '99th percentile': timeTo201(0.99),
      },
    ),
    lines(
      {
        title: 'Answers by status',
        unit: RequestsPerSecond,
        description:
          'Answers to POST /orders. 503: refused, to be sent again; 422: the order is wrong.',
        runbook: 'OrdersErrorBudgetBurnsFast',
      },
      {
        '{{http_response_status_code}}': `sum by (http_response_status_code) (rate(http_server_request_duration_seconds_count{${posted}}[$__rate_interval]))`,
      },
    ),
    lines(
      {
        title: 'Orders that wait',
        unit: Short,
        description:
          'Records that the consumer has not acknowledged. A steady rise: more come in than go out.',
        runbook: 'OrdersConsumerLags',
      },
      { '{{topic}}': 'topic:orders_consumer_lag_records:sum{topic=~"$topic"}' },
    ),
    lines(
      {
        title: 'Dead letters',
        unit: Short,
        description:
          'Records that nobody could decode, in ten minutes. They are kept on the dead-letter topic.',
        runbook: 'OrdersDeadLetters',
      },
      {
        '{{reason}}':
          'sum by (reason) (increase(orders_dlq_messages_total{job="order-consumer"}[10m]))',
      },
    ),
    lines(
      {
        title: 'Alerts that fire',
        unit: Short,
        description: 'Alerts of this system. Empty is good.',
        runbook: 'Runbook',
      },
      {
        '{{alertname}}': 'count by (alertname) (ALERTS{alertstate="firing",alertname=~"Orders.+"})',
      },
    ),
  ],
});
