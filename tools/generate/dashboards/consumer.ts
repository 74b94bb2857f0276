import { RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { board } from './board.ts';
import { lines } from './panel.ts';
import { processPanels } from './process-panels.ts';

const of = 'job="order-consumer",instance=~"$instance"';
const topic = 'messaging_destination_name=~"$topic"';
const batchTime = (quantile: number) =>
  `histogram_quantile(${quantile}, sum by (le) (rate(messaging_process_duration_seconds_bucket{${of},${topic}}[$__rate_interval])))`;

/** From the fetched batch to the committed offset, for those who run the consumer. */
export const consumerBoard = board({
  uid: 'order-consumer',
  title: 'Order consumer and lag',
  description: 'From the fetched batch to its acknowledgement, and what waits meanwhile.',
  instances: 'label_values(up{job="order-consumer"}, instance)',
  topics: 'label_values(orders_consumer_lag_records, topic)',
  panels: [
    lines(
      {
        title: 'Records a second',
        unit: RequestsPerSecond,
        description:
          'Records acknowledged by the sink or the dead-letter topic. Flat while lag rises: it is stuck.',
        runbook: 'OrdersConsumerStalled',
      },
      {
        '{{instance}}': `sum by (instance) (rate(messaging_client_consumed_messages_total{${of},${topic}}[$__rate_interval]))`,
      },
    ),
    lines(
      {
        title: 'Lag by partition',
        unit: Short,
        description:
          'Records that wait. All partitions: too few members; one: its next record cannot be delivered.',
        runbook: 'OrdersConsumerLags',
      },
      {
        '{{topic}}/{{partition}}': `sum by (topic, partition) (orders_consumer_lag_records{${of},topic=~"$topic"})`,
      },
    ),
    lines(
      {
        title: 'Age of what waits, by partition',
        unit: Seconds,
        description:
          'About how old the oldest record is that waits. A steady rise: nothing of it comes out.',
        runbook: 'OrdersConsumerLags',
      },
      {
        '{{topic}}/{{partition}}': `max by (topic, partition) (orders_consumer_lag_seconds{${of},topic=~"$topic"})`,
      },
    ),
    lines(
      {
        title: 'Time for a batch',
        unit: Seconds,
        description:
          'From a fetched batch to its last acknowledgement. A rise: sink, registry or dead-letter topic is slow.',
        runbook: 'OrdersConsumerStalled',
      },
      { median: batchTime(0.5), '99th percentile': batchTime(0.99) },
    ),
    lines(
      {
        title: 'Batches that stopped, by error',
        unit: RequestsPerSecond,
        description:
          'Batches that could not be processed to their end, a second. Empty is good; they are tried again.',
        runbook: 'OrdersPartitionsWait',
      },
      {
        '{{error_type}}': `sum by (error_type) (rate(messaging_process_duration_seconds_count{${of},${topic},error_type!=""}[$__rate_interval]))`,
      },
    ),
    lines(
      {
        title: 'Partitions that wait',
        unit: Short,
        description:
          'Partitions that wait before another attempt. Above 0: registry, sink or dead-letter topic is down.',
        runbook: 'OrdersPartitionsWait',
      },
      { '{{instance}}': `orders_consumer_paused_partitions{${of}}` },
    ),
    lines(
      {
        title: 'Registry: time without an answer',
        unit: Seconds,
        description:
          'Zero while it answers. Above: known schema versions are still read, a new one waits.',
        runbook: 'OrdersRegistryStale',
      },
      { '{{instance}}': `orders_registry_stale_seconds{${of}}` },
    ),
    lines(
      {
        title: 'Dead letters by reason',
        unit: Short,
        description:
          'Records acknowledged on the dead-letter topic. bug: this service threw, report it.',
        runbook: 'OrdersDeadLetters',
      },
      {
        '{{reason}}': `sum by (reason) (increase(orders_dlq_messages_total{${of}}[$__rate_interval]))`,
      },
    ),
    lines(
      {
        title: 'Assignments',
        unit: Short,
        description:
          'Times that an instance was given partitions, in an hour. Many without a deployment: members die.',
        runbook: 'OrdersRebalanceStorm',
      },
      { '{{instance}}': `increase(orders_rebalances_total{${of}}[1h])` },
    ),
    ...processPanels('order-consumer'),
  ],
});
