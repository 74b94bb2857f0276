import { randomUUID } from 'node:crypto';
import { UsageError, wholeNumber } from '@order-stream/command-line';
import { loadConfig } from '@order-stream/runtime';
import Type from 'typebox';
import type { Terminal } from './command.ts';
import type { LoadRun, Pace } from './load-run.ts';
import { produceFlags } from './produce-flags.ts';

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
  const flags = produceFlags(argv);
  const size = wholeNumber('--batch', flags.batch ?? '100', { min: 1 });
  return {
    limit: limitOf(flags, env),
    pace:
      flags.rate === undefined
        ? { kind: 'batches', size, pauseMs: batchPauseMs }
        : paceOfRate(flags.rate),
    concurrency: wholeNumber('--concurrency', flags.concurrency ?? '5', { min: 1, max: 1000 }),
    seed: flags.seed ?? randomUUID(),
    url: httpUrl(flags.url ?? 'http://127.0.0.1:3000'),
    json: flags.json,
  };
}

/** When the run ends: after `--count` orders, or after `--for`, else `MAX_RUN_SEC`. */
export function limitOf(
  flags: { count?: string | undefined; for?: string | undefined },
  env: Terminal['env'],
): LoadRun['limit'] {
  return flags.count === undefined
    ? { durationMs: durationMs(flags.for, env) }
    : { orders: wholeNumber('--count', flags.count, { min: 1 }) };
}

function durationMs(flag: string | undefined, env: Terminal['env']): number {
  const seconds =
    flag === undefined
      ? loadConfig(variables, env).MAX_RUN_SEC
      : wholeNumber('--for', flag, { min: 0 });
  return seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1000;
}

/** Orders per second; 0: without pauses. */
function paceOfRate(flag: string): Pace {
  const perSecond = wholeNumber('--rate', flag, { min: 0, max: 1_000_000 });
  return perSecond === 0 ? { kind: 'unpaced' } : { kind: 'rate', perSecond };
}

function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(`--url must be an http or https URL, not '${text}'`);
}
