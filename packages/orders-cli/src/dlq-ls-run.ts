import { exitCodes, parseArguments, wholeNumber } from '@order-stream/command-line';
import { kafkaRules, loadConfig } from '@order-stream/runtime';
import { printExactJson } from '@order-stream/serde';
import Type from 'typebox';
import type { Terminal } from './command.ts';
import { type DeadLetter, deadLetterOf, placeOf } from './dead-letters/dead-letter.ts';
import {
  deadLetterTopicOf,
  deadLetterVariables,
  readDeadLetters,
} from './dead-letters/dead-letter-topic.ts';
import { inTimeOrder } from './dead-letters/in-time-order.ts';
import { letterFilter, letterFlags } from './dead-letters/letter-filter.ts';
import { createLetterCounts, letterJson, originOf } from './dead-letters/letter-view.ts';
import { connectionVariables, withConnection } from './kafka/connection.ts';
import { formatTable } from './output/table.ts';
import { showProgress } from './progress-line.ts';
import { isoTime } from './records/record-line.ts';
import { wallClockMs } from './wall-clock.ts';

const variables = Type.Object({ ...connectionVariables, ...deadLetterVariables });

/** Runs `orders dlq ls`. */
export async function listDeadLetters(argv: string[], terminal: Terminal): Promise<number> {
  const { flags } = parseArguments(argv, {
    ...letterFlags,
    counts: { type: 'boolean', default: false },
    limit: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const filter = letterFilter(flags, wallClockMs());
  const defaultLimit = flags.json ? Number.POSITIVE_INFINITY : 100;
  const limit =
    flags.limit === undefined ? defaultLimit : wholeNumber('--limit', flags.limit, { min: 1 });
  const config = loadConfig(variables, terminal.env, [kafkaRules]);
  const topic = deadLetterTopicOf(config, flags.dlq);
  const counts = createLetterCounts();
  const listed: DeadLetter[] = [];
  let matching = 0;
  let read = 0;
  let others = 0;

  function add(letter: DeadLetter): void {
    counts.add(letter);
    matching += 1;
    if (flags.counts || matching > limit) return;
    if (flags.json) terminal.stdout.write(`${printExactJson(letterJson(letter))}\n`);
    else listed.push(letter);
  }

  await withConnection(config, terminal, async (connection) => {
    const { reader, length } = await readDeadLetters(connection, topic, filter.fromMs, terminal);
    const progress = showProgress(terminal.stderr, () => `${topic}: ${read} of ${length} read`);
    const records = inTimeOrder(reader, ({ timestampMs }) => timestampMs, terminal.stop);
    try {
      for await (const record of records) {
        read += 1;
        const letter = deadLetterOf(record);
        if (letter === undefined) others += 1;
        else if (filter.accepts(letter)) add(letter);
      }
    } finally {
      progress.end();
    }
  });
  if (others > 0)
    terminal.stderr.write(
      `orders dlq ls: ${others} records of ${topic} are not dead letters of the consumer\n`,
    );
  if (terminal.stop.aborted) return exitCodes.interrupted;
  if (flags.json) {
    if (flags.counts)
      for (const row of counts.rows()) terminal.stdout.write(`${JSON.stringify(row)}\n`);
    return exitCodes.ok;
  }
  terminal.stdout.write(`${topic}: ${matching} dead letters\n`);
  if (matching === 0) return exitCodes.ok;
  terminal.stdout.write(`\n${countTable(counts.rows())}`);
  if (listed.length > 0) terminal.stdout.write(`\n${letterTable(listed)}`);
  if (!flags.counts && matching > listed.length)
    terminal.stdout.write(`… and ${matching - listed.length} more: see --limit and --json\n`);
  return exitCodes.ok;
}

function countTable(rows: ReturnType<ReturnType<typeof createLetterCounts>['rows']>): string {
  return formatTable(
    [
      { title: 'REASON' },
      { title: 'TOPIC' },
      { title: 'PARTITION', align: 'right' },
      { title: 'COUNT', align: 'right' },
    ],
    rows.map(({ reason, topic, partition, count }) => [
      reason,
      topic,
      String(partition),
      String(count),
    ]),
  );
}

function letterTable(letters: readonly DeadLetter[]): string {
  return formatTable(
    [
      { title: 'PLACE' },
      { title: 'SINCE' },
      { title: 'REASON' },
      { title: 'ORIGIN' },
      { title: 'REPLAYED', align: 'right' },
      { title: 'ERROR' },
    ],
    letters.map((letter) => [
      placeOf(letter.record),
      isoTime(letter.record.timestampMs),
      letter.reason,
      originOf(letter),
      String(letter.replayed),
      letter.error.name,
    ]),
  );
}
