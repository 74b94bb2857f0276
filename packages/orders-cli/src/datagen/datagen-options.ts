import { randomUUID } from 'node:crypto';
import { UsageError, wholeNumber } from '@order-stream/command-line';
import { isTopicName } from '@order-stream/runtime';
import type { Terminal } from '../command.ts';
import type { LoadRun, Pace } from '../load-run.ts';
import { produceFlags } from '../produce-flags.ts';
import { limitOf } from '../produce-options.ts';

export interface DatagenOptions {
  /** Of all tasks together. */
  limit: LoadRun['limit'];
  /** Of one task. */
  pace: Pace;
  tasks: number;
  history: number;
  seed: string;
  customerTopic: string;
  orderTopic: string;
  json: boolean;
}

/**
 * The defaults are the settings of the reference: two tasks, `global.throttle.ms` 500, `global.history.records.max` 1000.
 *
 * @throws UsageError for the command line, ConfigError for MAX_RUN_SEC
 */
export function datagenOptions(argv: string[], env: Terminal['env']): DatagenOptions {
  const flags = produceFlags(argv);
  if (flags.rate !== undefined && flags['throttle-ms'] !== undefined)
    throw new UsageError('--rate and --throttle-ms exclude each other');
  const tasks = wholeNumber('--tasks', flags.tasks ?? '2', { min: 1, max: 100 });
  const [customerTopic, orderTopic] = [
    topicOf('--customer-topic', flags['customer-topic'] ?? 'customer'),
    topicOf('--order-topic', flags['order-topic'] ?? 'order'),
  ];
  if (customerTopic === orderTopic)
    throw new UsageError(`--customer-topic and --order-topic are both '${orderTopic}'`);
  return {
    limit: limitOf(flags, env),
    pace:
      flags.rate === undefined
        ? throttled(wholeNumber('--throttle-ms', flags['throttle-ms'] ?? '500', { min: 0 }))
        : rated(wholeNumber('--rate', flags.rate, { min: 0, max: 1_000_000 }), tasks),
    tasks,
    history: wholeNumber('--history', flags.history ?? '1000', { min: 1, max: 1_000_000 }),
    seed: flags.seed ?? randomUUID(),
    customerTopic,
    orderTopic,
    json: flags.json,
  };
}

const throttled = (ms: number): Pace =>
  ms === 0 ? { kind: 'unpaced' } : { kind: 'rate', perSecond: 1000 / ms };

const rated = (perSecond: number, tasks: number): Pace =>
  perSecond === 0 ? { kind: 'unpaced' } : { kind: 'rate', perSecond: perSecond / tasks };

function topicOf(flag: string, name: string): string {
  if (isTopicName(name)) return name;
  throw new UsageError(`${flag} must be a valid topic name, not '${name}'`);
}
