import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** One registry per process, with the process's own metrics and `build_info` already in it. */
export function createMetrics(build: { service: string; version: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'build_info',
    help: 'Always 1; the labels say which build of which service answers.',
    labelNames: ['service', 'version', 'node'],
    registers: [registry],
  }).set({ ...build, node: process.version }, 1);
  return registry;
}
