import { exitCodes, parseArguments, UsageError, wholeNumber } from '@order-stream/command-line';
import { createKafkaWriter, kafkaRules, loadConfig, type TopicRecord } from '@order-stream/runtime';
import Type from 'typebox';
import type { Terminal } from './command.ts';
import { deadLetterOf } from './dead-letters/dead-letter.ts';
import {
  type BoundedReader,
  deadLetterTopicOf,
  deadLetterVariables,
  readDeadLetters,
} from './dead-letters/dead-letter-topic.ts';
import { inTimeOrder } from './dead-letters/in-time-order.ts';
import { type LetterFilter, letterFilter, letterFlags } from './dead-letters/letter-filter.ts';
import { positionsFrom, positionsText } from './dead-letters/place.ts';
import { type ReplayCounts, type ReplayResult, replay } from './dead-letters/replay.ts';
import { createReplayTargets, type ReplayTarget } from './dead-letters/replay-target.ts';
import { type Connection, connectionVariables, withConnection } from './kafka/connection.ts';
import { commandErrorOf } from './kafka/kafka-command-error.ts';
import { formatTable } from './output/table.ts';
import { showProgress } from './progress-line.ts';
import { systemClock } from './system-clock.ts';
import { wallClockMs } from './wall-clock.ts';

const variables = Type.Object({ ...connectionVariables, ...deadLetterVariables });

interface Run {
  topic: string;
  filter: LetterFilter;
  rate: number;
  limit: number;
  json: boolean;
  toOriginPartition: boolean;
  connection: Connection;
  terminal: Terminal;
  brokers: readonly string[];
}

/** Runs `orders dlq replay`. */
export async function replayDeadLetters(argv: string[], terminal: Terminal): Promise<number> {
  const { flags } = parseArguments(argv, {
    ...letterFlags,
    'from-offset': { type: 'string' },
    limit: { type: 'string' },
    rate: { type: 'string', default: '0' },
    'to-origin-partition': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const positions = flags['from-offset'];
  if (positions !== undefined && flags.from !== undefined)
    throw new UsageError('--from and --from-offset exclude each other');
  const filter = letterFilter(flags, wallClockMs());
  const start = positions === undefined ? filter.fromMs : positionsFrom(positions);
  const rate = wholeNumber('--rate', flags.rate, { min: 0, max: 1_000_000 });
  const limit = flags.limit;
  const config = loadConfig(variables, terminal.env, [kafkaRules]);
  const topic = deadLetterTopicOf(config, flags.dlq);
  return withConnection(config, terminal, async (connection) => {
    const run: Run = {
      topic,
      filter,
      rate: rate === 0 ? Number.POSITIVE_INFINITY : rate,
      limit:
        limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber('--limit', limit, { min: 1 }),
      json: flags.json,
      toOriginPartition: flags['to-origin-partition'],
      connection,
      terminal,
      brokers: config.BOOTSTRAP_SERVERS,
    };
    const source = await readDeadLetters(connection, topic, start, terminal);
    return flags.yes ? write(run, source) : showPlan(run, source);
  });
}

/** By the time of the original record: see `inTimeOrder`. */
function ordered({ reader }: BoundedReader, { stop }: Terminal): AsyncIterable<TopicRecord> {
  const timeOf = (record: TopicRecord) =>
    deadLetterOf(record)?.origin.timestampMs ?? record.timestampMs;
  return inTimeOrder(reader, timeOf, stop);
}

async function write(run: Run, source: BoundedReader): Promise<number> {
  const { topic, connection, terminal, filter, rate, limit } = run;
  const { client, logger } = connection;
  const { toOriginPartition } = run;
  const writer = createKafkaWriter(client, { logger });
  let counts: ReplayCounts = { read: 0, replayed: 0 };
  const progress = showProgress(
    terminal.stderr,
    () => `${topic}: ${counts.read} of ${source.length} read, ${counts.replayed} replayed`,
  );
  const result = await replay({
    records: ordered(source, terminal),
    from: source.from,
    accepts: filter.accepts,
    targetOf: createReplayTargets(client, topic, { toOriginPartition }),
    writer,
    rate,
    limit,
    clock: systemClock,
    wallClockMs,
    stop: terminal.stop,
    onProgress: (now) => {
      counts = { ...now };
    },
  });
  progress.end();
  await writer.close();
  return report(run, result);
}

function report(
  { topic, json, limit, terminal, brokers }: Run,
  { replayed, read, next, failure }: ReplayResult,
): number {
  const fromOffset = positionsText(next);
  if (json)
    terminal.stdout.write(
      `${JSON.stringify({ topic, dry_run: false, read, replayed, from_offset: fromOffset })}\n`,
    );
  else terminal.stdout.write(`${topic}: ${replayed} dead letters replayed\n`);
  const isStopped = terminal.stop.aborted;
  if (failure === undefined && !isStopped && replayed < limit) return exitCodes.ok;
  if (failure !== undefined)
    terminal.stderr.write(
      `orders dlq replay: ${(commandErrorOf(failure, brokers) as Error).message}\n`,
    );
  terminal.stderr.write(`orders dlq replay: go on with --from-offset ${fromOffset}\n`);
  if (failure !== undefined) return exitCodes.failed;
  return isStopped ? exitCodes.interrupted : exitCodes.ok;
}

/** The dry run: reads what would be replayed, and writes nothing. */
async function showPlan(run: Run, source: BoundedReader): Promise<number> {
  const { topic, connection, terminal, filter, limit, json } = run;
  const { toOriginPartition } = run;
  const targetOf = createReplayTargets(connection.client, topic, { toOriginPartition });
  const rows = new Map<string, ReplayTarget & { reason: string; count: number }>();
  let read = 0;
  let chosen = 0;
  const progress = showProgress(
    terminal.stderr,
    () => `${topic}: ${read} of ${source.length} read`,
  );
  try {
    for await (const record of ordered(source, terminal)) {
      read += 1;
      const letter = deadLetterOf(record);
      if (letter === undefined || !filter.accepts(letter)) continue;
      chosen += 1;
      const target = await targetOf(letter);
      const key = JSON.stringify([target.topic, target.partition, letter.reason]);
      const row = rows.get(key) ?? { ...target, reason: letter.reason, count: 0 };
      row.count += 1;
      rows.set(key, row);
      if (chosen === limit) break;
    }
  } finally {
    progress.end();
  }
  if (terminal.stop.aborted) return exitCodes.interrupted;
  const targets = [...rows.values()].sort(
    (one, other) =>
      one.topic.localeCompare(other.topic) ||
      one.partition - other.partition ||
      one.reason.localeCompare(other.reason),
  );
  if (json) {
    terminal.stdout.write(`${JSON.stringify({ topic, dry_run: true, read, chosen, targets })}\n`);
    return exitCodes.ok;
  }
  if (chosen > 0) terminal.stdout.write(`${planTable(targets)}\n`);
  terminal.stdout.write(
    chosen === 0
      ? `${topic}: no dead letter is chosen\n`
      : `${topic}: ${chosen} dead letters would be replayed. Nothing was written: add --yes to write them\n`,
  );
  return exitCodes.ok;
}

function planTable(rows: readonly (ReplayTarget & { reason: string; count: number })[]): string {
  return formatTable(
    [
      { title: 'TO TOPIC' },
      { title: 'PARTITION', align: 'right' },
      { title: 'REASON' },
      { title: 'COUNT', align: 'right' },
    ],
    rows.map(({ topic, partition, reason, count }) => [
      topic,
      String(partition),
      reason,
      String(count),
    ]),
  );
}
