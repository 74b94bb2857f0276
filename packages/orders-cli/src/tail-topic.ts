import { exitCodes } from '@order-stream/command-line';
import {
  createTopicReader,
  kafkaRules,
  loadConfig,
  type TopicRecord,
  topicName,
} from '@order-stream/runtime';
import Type from 'typebox';
import type { Terminal } from './command.ts';
import { type Connection, connectionVariables, withConnection } from './kafka/connection.ts';
import { decoderRules, decoderValues, decoderVariables } from './kafka/registry-variables.ts';
import { positionsAt } from './kafka/start-point.ts';
import { choosePartitions, topicBounds } from './kafka/topic-bounds.ts';
import { styleFor } from './output/style.ts';
import { showProgress } from './progress-line.ts';
import { createRecordDecoder, type RecordDecoder } from './records/record-decoder.ts';
import { jsonLine, textLine } from './records/record-line.ts';
import { systemClock } from './system-clock.ts';
import { type TailOptions, tailOptions } from './tail-options.ts';
import { wallClockMs } from './wall-clock.ts';

const lookAgainMs = 5_000;

const variables = Type.Object({
  ...connectionVariables,
  ...decoderVariables,
  TOPIC_NAME: topicName({ default: 'orders' }),
});

/** Runs `orders tail`. */
export async function tailTopic(argv: string[], terminal: Terminal): Promise<number> {
  const options = tailOptions(argv, wallClockMs());
  const rules = [kafkaRules, ...decoderRules];
  const config = loadConfig(variables, terminal.env, rules, decoderValues);
  await withConnection(config, terminal, async (connection) => {
    const decoder = await createRecordDecoder(config, connection.logger);
    try {
      await tail(options.topic ?? config.TOPIC_NAME, options, connection, decoder, terminal);
    } finally {
      decoder.close();
    }
  });
  return exitCodes.ok;
}

async function tail(
  topic: string,
  options: TailOptions,
  { client, admin, logger }: Connection,
  decoder: RecordDecoder,
  terminal: Terminal,
): Promise<void> {
  const partitions = choosePartitions(await topicBounds(admin, topic), options.partitions);
  const reader = createTopicReader(client, {
    topic,
    from: await positionsAt(admin, options.from, partitions),
    ...(!options.follow && { to: new Map(partitions.map((one) => [one.partition, one.stable])) }),
    signal: terminal.stop,
    logger,
    onSkipped: (partition, from, to) =>
      terminal.stderr.write(
        `orders tail: ${topic}/${partition}: offsets ${from} to ${to - 1n} were deleted before they were read\n`,
      ),
  });
  const style = styleFor(terminal);
  let read = 0;
  let printed = 0;
  const progress = showProgress(
    terminal.stderr,
    () => `${topic}: ${read} records read, ${printed} printed`,
  );

  async function print(record: TopicRecord): Promise<void> {
    read += 1;
    const key = await decoder.key(record.key);
    if (!options.keys.every((accepts) => accepts(key))) return;
    const value = await decoder.value(record.value);
    if (!options.fields.every((accepts) => accepts(value))) return;
    printed += 1;
    progress.clear();
    const shown = { record, key, value };
    terminal.stdout.write(options.json ? jsonLine(shown) : textLine(shown, style));
  }

  const known = new Set(partitions.map(({ partition }) => partition));
  let lookAtMs = systemClock.nowMs() + lookAgainMs;
  /** A topic may be given more partitions. */
  async function addPartitions(): Promise<void> {
    if (!options.follow || options.partitions.length > 0) return;
    if (systemClock.nowMs() < lookAtMs) return;
    lookAtMs = systemClock.nowMs() + lookAgainMs;
    const found = (await client.partitionMetadata([topic])).get(topic) ?? [];
    if (found.length <= known.size) return;
    for (const { partition, start } of await topicBounds(admin, topic)) {
      if (known.has(partition)) continue;
      known.add(partition);
      reader.add(partition, start);
    }
  }

  try {
    while (reader.open().length > 0 && !terminal.stop.aborted) {
      await addPartitions();
      for (const record of await reader.read()) {
        await print(record);
        if (printed === options.count || terminal.stop.aborted) return;
      }
    }
  } finally {
    progress.end();
  }
}
