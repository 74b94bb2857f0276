// Generates docs/metrics.md from the services' metrics. Compares it or writes it (`--write`).
import { createMetrics } from '@order-stream/runtime';
import { createConsumerMetrics } from '../../services/order-consumer/src/metrics.ts';
import { createProducerMetrics } from '../../services/order-producer/src/metrics.ts';
import { writeOrCompare } from './generated-file.ts';
import { markdownList } from './markdown-list.ts';

/** prom-client's types lack the label names. */
interface Metric {
  name: string;
  help: string;
  type: string;
  labelNames?: readonly string[];
}
type Registry = ReturnType<typeof createMetrics>;

function metricsOf(register: (registry: Registry) => void): Metric[] {
  const registry = createMetrics({ service: '', version: '' });
  register(registry);
  return registry.getMetricsAsArray() as unknown as Metric[];
}

/** prom-client registers these only on Linux. The page must not depend on the machine that generates it. */
const onLinux = [
  ...['process_open_fds', 'process_max_fds'],
  ...['process_virtual_memory_bytes', 'process_heap_bytes'],
];
const ofEveryProcess = metricsOf(() => undefined).filter(({ name }) => !onLinux.includes(name));
const known = new Set(ofEveryProcess.map(({ name }) => name));
const own = (metrics: Metric[]) =>
  metrics.filter(({ name }) => !known.has(name) && !onLinux.includes(name));
const producer = own(
  metricsOf(
    (registry) =>
      void createProducerMetrics(registry, '', { inFlight: () => 0, receiving: () => 0 }),
  ),
);
const consumer = own(metricsOf((registry) => void createConsumerMetrics(registry, '', [])));

const list = (metrics: Metric[]) =>
  markdownList(
    metrics.map(({ name, type, labelNames = [], help }) => ({
      term: `\`${name}\``,
      facts: [type, ...(labelNames.length > 0 ? [`labels ${labelNames.join(', ')}`] : [])],
      text: help,
    })),
  );

const content = `# Metrics

Each service answers \`GET /metrics\` on its management port (producer 9464, consumer 9465) in Prometheus's text format.
Where OpenTelemetry's semantic conventions define a metric, its name and labels follow them; other names begin with
\`orders_\`. Durations are in seconds. Label values come from small fixed sets, except topic, partition and group, which
the configuration bounds.

This page is generated from the code (\`node tools/run.mjs tools/generate/metrics.ts --write\`), and \`npm run check\`
compares it. [runbook.md](runbook.md) says what to do when a metric looks wrong.

## order-producer

${list(producer)}
## order-consumer

${list(consumer)}
## Every process

On Linux also ${onLinux.map((name) => `\`${name}\``).join(', ')}.

${list(ofEveryProcess)}`;
writeOrCompare('generate/metrics.ts', [{ path: 'docs/metrics.md', content }]);
