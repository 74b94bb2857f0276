import { exitCodes } from '@order-stream/command-line';
import type { Terminal } from '../command.ts';
import { withConnection } from '../kafka/connection.ts';
import { runLoad } from '../load-run.ts';
import { createLoadTally, formatSummary, type LoadSummary } from '../load-tally.ts';
import { showProgress } from '../progress-line.ts';
import { systemClock } from '../system-clock.ts';
import { createDatagen } from './datagen-generator.ts';
import { type DatagenOptions, datagenOptions } from './datagen-options.ts';
import { customerSchema, orderSchema } from './datagen-schemas.ts';
import { loadDatagenConfig } from './datagen-variables.ts';
import { createDatagenWriter } from './datagen-writer.ts';

type DatagenWriter = Awaited<ReturnType<typeof createDatagenWriter>>;

/** Runs `orders produce --shape datagen`. */
export async function generate(argv: string[], terminal: Terminal): Promise<number> {
  const options = datagenOptions(argv, terminal.env);
  const config = loadDatagenConfig(terminal.env);
  const { customerTopic, orderTopic } = options;
  const schemas = new Map([
    [customerTopic, customerSchema],
    [orderTopic, orderSchema],
  ]);
  return withConnection(config, terminal, async (connection) => {
    const writer = await createDatagenWriter(connection, config, schemas);
    try {
      return await produce(options, writer, terminal);
    } finally {
      await writer.close();
    }
  });
}

async function produce(
  options: DatagenOptions,
  writer: DatagenWriter,
  { stdout, stderr, stop }: Terminal,
): Promise<number> {
  const { limit, pace, tasks, history, seed, customerTopic, orderTopic, json } = options;
  const customers = createLoadTally();
  const orders = createLoadTally();
  const startedMs = systemClock.nowMs();
  const summaries = () => {
    const elapsedMs = systemClock.nowMs() - startedMs;
    return { customers: customers.summary(elapsedMs), orders: orders.summary(elapsedMs) };
  };
  const progress = showProgress(stderr, () => formatSummary(summaries().orders));

  await Promise.all(
    Array.from({ length: tasks }, (_, task) => {
      const datagen = createDatagen(`${seed}/${task}`, history);
      return runLoad({
        // One at a time, so that the order of a step can be of the customer of the same step.
        ...{ pace, concurrency: 1, clock: systemClock, stop },
        limit: limit.orders === undefined ? limit : { orders: share(limit.orders, tasks, task) },
        nextOrder: datagen.customer,
        async send(customer, dueMs) {
          const written = await writer.write(customerTopic, customer);
          customers.add(written, systemClock.nowMs() - dueMs);
          if (written.kind === 'acknowledged') datagen.acknowledged(customer);
          const order = datagen.order();
          const outcome =
            order === undefined
              ? ({ kind: 'refused', reason: 'no-customer' } as const)
              : await writer.write(orderTopic, order);
          orders.add(outcome, systemClock.nowMs() - dueMs);
        },
      });
    }),
  );

  progress.end();
  const ended = summaries();
  stdout.write(
    json
      ? `${JSON.stringify({ shape: 'datagen', topics: [customerTopic, orderTopic], seed, ...ended })}\n`
      : `${formatSummary(ended.customers, 'customers')}\n${formatSummary(ended.orders)}\nseed ${seed}\n`,
  );
  return isComplete(ended.customers) && isComplete(ended.orders) ? exitCodes.ok : exitCodes.failed;
}

const isComplete = ({ acknowledged, sent }: LoadSummary): boolean => acknowledged === sent;

/** The orders of one task, when they are divided as evenly as possible. */
function share(total: number, tasks: number, task: number): number {
  return Math.floor(total / tasks) + (task < total % tasks ? 1 : 0);
}
