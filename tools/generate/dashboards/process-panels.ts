import { BytesIEC, PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { lines } from './panel.ts';

/** The panels about the process, the same for both services. */
export function processPanels(job: 'order-producer' | 'order-consumer') {
  const absent = job === 'order-producer' ? 'OrdersProducerAbsent' : 'OrdersConsumerAbsent';
  const slow = job === 'order-producer' ? 'OrdersAcknowledgedSlowly' : 'OrdersConsumerLags';
  const of = `{job="${job}",instance=~"$instance"}`;
  return [
    lines({
      title: 'Instances that answer',
      unit: Short,
      description:
        'Instances that Prometheus reaches, by build. Two builds: a deployment is running.',
      runbook: absent,
      queries: {
        instances: `sum(up${of})`,
        'version {{version}} on Node {{node}}': `sum by (version, node) (build_info${of})`,
      },
    }),
    lines({
      title: 'CPU',
      unit: PercentUnit,
      description: 'CPU time of the process. Near 100 %: CPU is the limit, add instances.',
      runbook: slow,
      queries: { '{{instance}}': `rate(process_cpu_seconds_total${of}[$__rate_interval])` },
    }),
    lines({
      title: 'Memory',
      unit: BytesIEC,
      description: 'Resident memory. Normally it levels off. An endless rise is a leak.',
      runbook: absent,
      queries: { '{{instance}}': `process_resident_memory_bytes${of}` },
    }),
    lines({
      title: 'Event loop delay',
      unit: Seconds,
      description:
        'Delay of timers, 99th percentile. A rise: the process lacks CPU or collects garbage.',
      runbook: slow,
      queries: { '{{instance}}': `nodejs_eventloop_lag_p99_seconds${of}` },
    }),
  ];
}
