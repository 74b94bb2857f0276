import { standardError } from '@order-stream/standard-streams';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Creates the metrics registry of a process. It holds the metrics of the process, of its log, and `build_info`. */
export function createMetrics(build: { service: string; version: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'build_info',
    help: 'Always 1; the labels say which build of which service is running.',
    labelNames: ['service', 'version', 'node'],
    registers: [registry],
  }).set({ ...build, node: process.version }, 1);
  new Counter({
    name: 'orders_log_lines_dropped_total',
    help: 'Log lines that were lost. An increase means that the disk of the log is full, or that the reader of stderr does not read or has ended. Orders are not affected.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(standardError().lostLines());
    },
  });
  return registry;
}
