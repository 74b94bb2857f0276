import { BytesIEC, RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { board } from './board.ts';
import { lines } from './panel.ts';
import { processPanels } from './process-panels.ts';

const of = 'job="order-consumer",instance=~"$instance"';
const topic = 'messaging_destination_name=~"$topic"';
const batchTime = (quantile: number) =>
  `histogram_quantile(${quantile}, sum by (le) (rate(messaging_process_duration_seconds_bucket{${of},${topic},error_type=""}[$__rate_interval])))`;

/** From the fetched batch to the committed offset, for operators of the consumer. */
export const consumerBoard = board({
  uid: 'order-consumer',
  title: 'Order consumer and lag',
  description: 'From the fetched batch to its acknowledgement, and the unread records.',
  instances: 'label_values(up{job="order-consumer"}, instance)',
  topics: 'label_values(orders_consumer_lag_records, topic)',
  panels: [
    lines({
      title: 'Records per second',
      unit: RequestsPerSecond,
      description:
        'Records acknowledged by the sink or the dead-letter topic. Flat while lag rises: no progress.',
      runbook: 'OrdersConsumerStalled',
      queries: {
        '{{instance}}': `sum by (instance) (rate(messaging_client_consumed_messages_total{${of},${topic}}[$__rate_interval]))`,
      },
    }),
    lines({
      title: 'Lag by partition',
      unit: Short,
      description:
        'Unread records. All partitions: too few members. One: its next record cannot be delivered.',
      runbook: 'OrdersConsumerLags',
      queries: {
        '{{topic}}/{{partition}}': `max by (topic, partition) (orders_consumer_lag_records{${of},topic=~"$topic"})`,
      },
    }),
    lines({
      title: 'Age of the oldest unread record, by partition',
      unit: Seconds,
      description:
        'Approximate age of the oldest unread record. A steady rise: the partition makes no progress.',
      runbook: 'OrdersConsumerLags',
      queries: {
        '{{topic}}/{{partition}}': `max by (topic, partition) (orders_consumer_lag_seconds{${of},topic=~"$topic"})`,
      },
    }),
    lines({
      title: 'Records behind open transactions, by partition',
      unit: Short,
      description:
        'Records that nobody can read before a transaction ends. They are not counted as lag.',
      runbook: 'OrdersOpenTransaction',
      queries: {
        '{{topic}}/{{partition}}': `max by (topic, partition) (orders_consumer_open_transaction_records{${of},topic=~"$topic"})`,
      },
    }),
    lines({
      title: 'Time outside the group',
      unit: Seconds,
      description: 'Zero for a member of the group. Above: the instance reads nothing.',
      runbook: 'OrdersConsumerOutsideGroup',
      queries: { '{{instance}}': `orders_consumer_outside_group_seconds{${of}}` },
    }),
    lines({
      title: 'Records lost to retention',
      unit: Short,
      description:
        'Records that were deleted before the group read them. Anything above zero: orders are lost to this group.',
      runbook: 'OrdersLostToRetention',
      queries: {
        '{{topic}}/{{partition}}': `sum by (topic, partition) (increase(orders_consumer_records_lost_to_retention_total{${of},topic=~"$topic"}[$__rate_interval]))`,
      },
    }),
    lines({
      title: 'Time for a batch',
      unit: Seconds,
      description:
        'From a fetched batch to its last acknowledgement. A rise: sink, registry or dead-letter topic is slow.',
      runbook: 'OrdersConsumerStalled',
      queries: { median: batchTime(0.5), '99th percentile': batchTime(0.99) },
    }),
    lines({
      title: 'Failed batches, by error',
      unit: RequestsPerSecond,
      description: 'Batches per second that failed. Empty is good. Failed batches are tried again.',
      runbook: 'OrdersPartitionsWait',
      queries: {
        '{{error_type}}': `sum by (error_type) (rate(messaging_process_duration_seconds_count{${of},${topic},error_type!=""}[$__rate_interval]))`,
      },
    }),
    lines({
      title: 'Partitions that nobody reads',
      unit: Short,
      description:
        'Partitions that are assigned to no member of the group that reads their topic. Above 0: their records wait.',
      runbook: 'OrdersTopicUnread',
      queries: {
        '{{topic}}': `max by (topic) (orders_consumer_unassigned_partitions{${of},topic=~"$topic"})`,
      },
    }),
    lines({
      title: 'Time to store, by sink',
      unit: Seconds,
      description:
        'Time to store a file or the items of a batch, 99th percentile. A rise: the store is slow.',
      runbook: 'OrdersSinkMemoryFull',
      queries: {
        '{{sink}}': `histogram_quantile(0.99, sum by (sink, le) (rate(orders_sink_flush_seconds_bucket{${of}}[$__rate_interval])))`,
      },
    }),
    lines({
      title: 'Files and batches stored, by trigger',
      unit: RequestsPerSecond,
      description:
        'How often a sink stored what it kept, and why then. memory: the limit was reached before a file was full.',
      runbook: 'OrdersSinkMemoryFull',
      queries: {
        '{{sink}} {{trigger}}': `sum by (sink, trigger) (rate(orders_sink_flush_seconds_count{${of}}[$__rate_interval]))`,
      },
    }),
    lines({
      title: 'Bytes in memory, by sink',
      unit: BytesIEC,
      description: 'Records that are read and not stored yet. At the limit, reading waits.',
      runbook: 'OrdersSinkMemoryFull',
      queries: {
        '{{instance}} {{sink}}': `orders_sink_inflight_bytes{${of}}`,
        '{{instance}} limit': `orders_sink_inflight_limit_bytes{${of}}`,
      },
    }),
    lines({
      title: 'Sinks that are down',
      unit: Short,
      description:
        '1 while requests to the sink keep failing and it is only probed. Its partitions wait.',
      runbook: 'OrdersSinkDown',
      queries: { '{{instance}} {{sink}}': `orders_sink_breaker_open{${of}}` },
    }),
    lines({
      title: 'Partitions held by the dead-letter brake',
      unit: Short,
      description:
        'Above 0: nearly every record of these partitions is refused. They wait until the brake is lifted.',
      runbook: 'OrdersDeadLetterBrake',
      queries: { '{{instance}}': `orders_consumer_braked_partitions{${of}}` },
    }),
    lines({
      title: 'Paused partitions',
      unit: Short,
      description:
        'Partitions that are paused until the next attempt. Above 0: registry, sink or dead-letter topic is unavailable.',
      runbook: 'OrdersPartitionsWait',
      queries: { '{{instance}}': `orders_consumer_paused_partitions{${of}}` },
    }),
    lines({
      title: 'Brokers that delay fetches',
      unit: Short,
      description:
        'Above 0: a quota of this consumer is used up. Lag grows while more is written than the quota allows.',
      runbook: 'OrdersConsumerLags',
      queries: { '{{instance}}': `orders_consumer_throttling_brokers{${of}}` },
    }),
    lines({
      title: 'Time without an answer from the registry',
      unit: Seconds,
      description:
        'Zero while the registry answers. Above: known schema versions are still read, a new version pauses its partition.',
      runbook: 'OrdersRegistryStale',
      queries: { '{{instance}}': `orders_registry_stale_seconds{${of}}` },
    }),
    lines({
      title: 'Dead letters by reason',
      unit: Short,
      description:
        'Records acknowledged by the dead-letter topic. bug: this service threw an error, report it.',
      runbook: 'OrdersDeadLetters',
      queries: {
        '{{reason}}': `sum by (reason) (increase(orders_dlq_messages_total{${of}}[$__rate_interval]))`,
      },
    }),
    lines({
      title: 'Assignments',
      unit: Short,
      description:
        'How often an instance was assigned partitions in an hour. Many without a deployment: members crash.',
      runbook: 'OrdersRebalanceStorm',
      queries: { '{{instance}}': `increase(orders_rebalances_total{${of}}[1h])` },
    }),
    ...processPanels('order-consumer'),
  ],
});
