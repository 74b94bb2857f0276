import { exitCodes } from '@order-stream/command-line';
import type { Command, Terminal } from './command.ts';
import { runLoad } from './load-run.ts';
import { createLoadTally, formatSummary } from './load-tally.ts';
import { createOrderGenerator } from './order-generator.ts';
import type { OrderPoster } from './order-poster.ts';
import { produceFlags } from './produce-flags.ts';
import { type ProduceOptions, produceOptions } from './produce-options.ts';
import { showProgress } from './progress-line.ts';
import { systemClock } from './system-clock.ts';

const help = `orders produce [flags]: make orders and post them to the producer, one request each

  --shape SHAPE     orders (default), or datagen: see below
  --count N         stop after N orders
  --for SECONDS     stop after this time; 0: on SIGTERM, SIGINT or SIGHUP
                    (default without --count: MAX_RUN_SEC, 60)
  --rate N          N orders per second on a fixed schedule; 0: as fast as --concurrency allows
  --batch N         without --rate: N orders, then a pause of 1 s (default 100)
  --concurrency N   maximum number of orders awaiting an answer (default 5)
  --seed TEXT       the same seed makes the same orders, ids included (default: a new one, printed)
  --url URL         the producer (default http://127.0.0.1:3000)
  --json            the summary as one JSON object
  --help            this text

Orders have 1 to 4 items, products 1 to 9999, quantities 1 to 10. Nothing is retried: an order is
acknowledged (201), refused (nothing was written) or unknown (the answer was lost or in doubt).
Latency counts from when an order was due. If the service does not answer at the start, the command
ends at once; with --for 0 it waits for the service. If the service stops later, only the orders sent
meanwhile fail. SIGTERM, SIGINT and SIGHUP stop sending and wait for the orders in flight.

With --shape datagen the command writes to Kafka itself, as the connector
com.amazonaws.mskdatagen.GeneratorSourceConnector does: customers to one topic, and orders of these
customers to another one. Keys are plain text, values Avro with a schema named as the topic. Of the
flags above it has --count (orders), --for, --rate (orders), --seed, --json, --help, and these:

  --throttle-ms N       pause between two customers, and between two orders, of a task (default 500)
  --tasks N             generators that run at once, each with customers of its own (default 2)
  --history N           customers that a task can choose from; it forgets the oldest (default 1000)
  --customer-topic NAME (default customer)
  --order-topic NAME    (default order)

Each order names a customer whose record was acknowledged before. \`orders topics create\` creates the
topics. Brokers and registry come from the variables of the producer: BOOTSTRAP_SERVERS, AWS_REGION,
REGISTRY_NAME, SCHEMA_COMPATIBILITY and so on. SCHEMA_NAME_STRATEGY is topic by default.

Exit code: 0 every order acknowledged, 1 otherwise, 2 wrong flags, 78 wrong environment.`;

const retryMs = 500;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  if (produceFlags(argv).shape === 'datagen')
    return (await import('./datagen/datagen-run.ts')).generate(argv, terminal);
  const options = produceOptions(argv, terminal.env);
  // Loaded when it runs: other commands do not need its HTTP client.
  const { createOrderPoster } = await import('./order-poster.ts');
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
  const endless = limit.durationMs === Number.POSITIVE_INFINITY;
  if (!(await serviceAnswers(poster, url, endless, terminal))) return exitCodes.failed;

  const generator = createOrderGenerator(seed);
  const tally = createLoadTally();
  const startedMs = systemClock.nowMs();
  const elapsedMs = () => systemClock.nowMs() - startedMs;
  const progress = showProgress(terminal.stderr, () => formatSummary(tally.summary(elapsedMs())));

  await runLoad({
    pace,
    concurrency,
    limit,
    nextOrder: () => generator.next(Date.now()),
    send: async (order, dueMs) => tally.add(await poster.post(order), systemClock.nowMs() - dueMs),
    clock: systemClock,
    stop: terminal.stop,
  });

  progress.end();
  const summary = tally.summary(elapsedMs());
  terminal.stdout.write(
    options.json
      ? `${JSON.stringify({ url: url.href, seed, ...summary })}\n`
      : `${formatSummary(summary)}\nseed ${seed}\n`,
  );
  return summary.acknowledged === summary.sent ? exitCodes.ok : exitCodes.failed;
}

/** Checked at the start, so that a missing service is one error instead of a run of refused orders. */
async function serviceAnswers(
  poster: OrderPoster,
  url: URL,
  wait: boolean,
  { stderr, stop }: Terminal,
): Promise<boolean> {
  let reported = false;
  while (!stop.aborted) {
    const fault = await poster.reach();
    if (fault === undefined) return true;
    if (!reported) {
      const next = wait ? 'waiting for it' : 'start it with `npm start`, or pass another --url';
      stderr.write(`orders produce: no answer from ${url.href} (${fault}): ${next}\n`);
      reported = true;
    }
    if (!wait) return false;
    await systemClock.sleepUntil(systemClock.nowMs() + retryMs, stop);
  }
  return true; // Stopped before the first order: an empty run is not a failure.
}

export const produceCommand: Command = {
  words: ['produce'],
  summary: 'make orders and post them to the producer',
  help,
  run,
};
