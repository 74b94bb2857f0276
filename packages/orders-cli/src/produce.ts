import { randomUUID } from 'node:crypto';
import { loadConfig } from '@order-stream/runtime';
import Type from 'typebox';
import {
  type Command,
  EXIT,
  parseFlags,
  type Terminal,
  UsageError,
  wholeNumber,
} from './command-line.ts';
import { type LoadRun, type Pace, runLoad } from './load-run.ts';
import { createLoadTally, formatSummary } from './load-tally.ts';
import { createOrderGenerator } from './order-generator.ts';
import { createOrderPoster, type OrderPoster } from './order-poster.ts';
import { showProgress } from './progress-line.ts';
import { systemClock } from './system-clock.ts';

const HELP = `orders produce [flags]: make orders and post them to the producer, one request each

  --count N         stop after N orders
  --for SECONDS     stop after this time; 0: when SIGTERM or SIGINT comes
                    (default without --count: MAX_RUN_SEC, 60)
  --rate N          N orders a second on a fixed schedule; 0: as fast as --concurrency allows
  --batch N         without --rate: N orders, then a pause of 1 s (default 100)
  --concurrency N   orders awaiting an answer at the same time, at most (default 5)
  --seed TEXT       the same seed makes the same orders, ids included (default: a new one, printed)
  --url URL         the producer (default http://127.0.0.1:3000)
  --json            the summary as one JSON object
  --help            this text

Orders have 1 to 4 items, products 1 to 9999, quantities 1 to 10. Nothing is retried: an order is
acknowledged (201), refused (nothing was written) or unknown (the answer was lost or in doubt).
Latency counts from when an order was due. A service that does not answer at the start ends the
command at once; with --for 0 it is waited for. One that goes away under way only costs the
orders of that time. SIGTERM and SIGINT end the intake and wait for what is in flight.

Exit code: 0 every order acknowledged, 1 otherwise, 2 wrong flags, 78 wrong environment.`;

const BATCH_PAUSE_MS = 1000;
const WAIT_FOR_SERVICE_MS = 500;

const variables = Type.Object({ MAX_RUN_SEC: Type.Integer({ default: 60, minimum: 0 }) });

export interface ProduceOptions {
  limit: LoadRun['limit'];
  pace: Pace;
  concurrency: number;
  seed: string;
  url: URL;
  json: boolean;
}

/** Reads the command line and the environment of `orders produce`; throws UsageError or ConfigError. */
export function produceOptions(argv: string[], env: Terminal['env']): ProduceOptions | 'help' {
  const flags = parseFlags(argv, {
    count: { type: 'string' },
    for: { type: 'string' },
    rate: { type: 'string' },
    batch: { type: 'string', default: '100' },
    concurrency: { type: 'string', default: '5' },
    seed: { type: 'string' },
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (flags.help) return 'help';
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
        ? { kind: 'batches', size, pauseMs: BATCH_PAUSE_MS }
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

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const options = produceOptions(argv, terminal.env);
  if (options === 'help') {
    terminal.stdout.write(`${HELP}\n`);
    return EXIT.ok;
  }
  const poster = createOrderPoster({ url: options.url, connections: options.concurrency });
  try {
    return await produce(options, poster, terminal);
  } finally {
    await poster.close();
  }
}

async function produce(
  options: ProduceOptions,
  poster: OrderPoster,
  terminal: Terminal,
): Promise<number> {
  const { limit, pace, concurrency, seed, url } = options;
  const endless = 'durationMs' in limit && limit.durationMs === Number.POSITIVE_INFINITY;
  if (!(await serviceAnswers(poster, url, endless, terminal))) return EXIT.failed;

  const generator = createOrderGenerator(seed);
  const tally = createLoadTally();
  const startedMs = systemClock.nowMs();
  const elapsedMs = () => systemClock.nowMs() - startedMs;
  const endProgress = showProgress(terminal.stderr, () =>
    formatSummary(tally.summary(elapsedMs())),
  );

  await runLoad({
    pace,
    concurrency,
    limit,
    nextOrder: () => generator.next(Date.now()),
    send: async (order, dueMs) => tally.add(await poster.post(order), systemClock.nowMs() - dueMs),
    clock: systemClock,
    stop: terminal.stop,
  });

  endProgress();
  const summary = tally.summary(elapsedMs());
  terminal.stdout.write(
    options.json
      ? `${JSON.stringify({ url: url.href, seed, ...summary })}\n`
      : `${formatSummary(summary)}\nseed ${seed}\n`,
  );
  return summary.acknowledged === summary.sent ? EXIT.ok : EXIT.failed;
}

/** One clear line at the start is better than a run of refused orders. */
async function serviceAnswers(
  poster: OrderPoster,
  url: URL,
  wait: boolean,
  { stderr, stop }: Terminal,
): Promise<boolean> {
  let told = false;
  while (!stop.aborted) {
    const fault = await poster.reach();
    if (fault === undefined) return true;
    if (!told) {
      const next = wait ? 'waiting for it' : 'start it with `npm start`, or name another --url';
      stderr.write(`orders produce: no answer from ${url.href} (${fault}): ${next}\n`);
      told = true;
    }
    if (!wait) return false;
    await systemClock.sleepUntil(systemClock.nowMs() + WAIT_FOR_SERVICE_MS, stop);
  }
  return true; // stopped before the first order: an empty run, and no failure
}

export const produceCommand: Command = {
  words: ['produce'],
  summary: 'make orders and post them to the producer',
  help: HELP,
  run,
};
