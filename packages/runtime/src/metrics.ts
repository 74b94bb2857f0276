import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Creates the metrics registry of a process. It holds the metrics of the process and `build_info`. */
export function createMetrics(build: { service: string; version: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'build_info',
    help: 'Always 1; the labels say which build of which service is running.',
    labelNames: ['service', 'version', 'node'],
    registers: [registry],
  }).set({ ...build, node: process.version }, 1);
  return registry;
}
