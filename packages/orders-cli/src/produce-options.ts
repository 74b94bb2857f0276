import { randomUUID } from 'node:crypto';
import { parseArguments, UsageError, wholeNumber } from '@order-stream/command-line';
import { loadConfig } from '@order-stream/runtime';
import Type from 'typebox';
import type { Terminal } from './command.ts';
import type { LoadRun, Pace } from './load-run.ts';

const batchPauseMs = 1000;

const variables = Type.Object({ MAX_RUN_SEC: Type.Integer({ default: 60, minimum: 0 }) });

export interface ProduceOptions {
  limit: LoadRun['limit'];
  pace: Pace;
  concurrency: number;
  seed: string;
  url: URL;
  json: boolean;
}

/** @throws UsageError for the command line, ConfigError for the environment of `orders produce` */
export function produceOptions(argv: string[], env: Terminal['env']): ProduceOptions {
  const { flags } = parseArguments(argv, {
    count: { type: 'string' },
    for: { type: 'string' },
    rate: { type: 'string' },
    batch: { type: 'string', default: '100' },
    concurrency: { type: 'string', default: '5' },
    seed: { type: 'string' },
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    json: { type: 'boolean', default: false },
  });
  if (flags.count !== undefined && flags.for !== undefined) {
    throw new UsageError('--count and --for exclude each other');
  }
  const size = wholeNumber('--batch', flags.batch, { min: 1 });
  return {
    limit:
      flags.count === undefined
        ? { durationMs: durationMs(flags.for, env) }
        : { orders: wholeNumber('--count', flags.count, { min: 1 }) },
    pace:
      flags.rate === undefined
        ? { kind: 'batches', size, pauseMs: batchPauseMs }
        : rate(wholeNumber('--rate', flags.rate, { min: 0, max: 1_000_000 })),
    concurrency: wholeNumber('--concurrency', flags.concurrency, { min: 1, max: 1000 }),
    seed: flags.seed ?? randomUUID(),
    url: httpUrl(flags.url),
    json: flags.json,
  };
}

function durationMs(flag: string | undefined, env: Terminal['env']): number {
  const seconds =
    flag === undefined
      ? loadConfig(variables, env).MAX_RUN_SEC
      : wholeNumber('--for', flag, { min: 0 });
  return seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1000;
}

function rate(perSecond: number): Pace {
  return perSecond === 0 ? { kind: 'unpaced' } : { kind: 'rate', perSecond };
}

function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(`--url must be an http or https URL, not '${text}'`);
}
