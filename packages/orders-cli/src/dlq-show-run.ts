import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import {
  createTopicReader,
  isTopicName,
  kafkaRules,
  loadConfig,
  type TopicRecord,
} from '@order-stream/runtime';
import { printExactJson } from '@order-stream/serde';
import Type from 'typebox';
import type { Terminal } from './command.ts';
import { deadLetterOf } from './dead-letters/dead-letter.ts';
import { deadLetterTopicOf, deadLetterVariables } from './dead-letters/dead-letter-topic.ts';
import { letterText } from './dead-letters/letter-text.ts';
import { letterJson } from './dead-letters/letter-view.ts';
import { placeFrom } from './dead-letters/place.ts';
import { type Connection, connectionVariables, withConnection } from './kafka/connection.ts';
import { decoderRules, decoderValues, decoderVariables } from './kafka/registry-variables.ts';
import { OffsetRangeError } from './kafka/start-point.ts';
import { choosePartitions, topicBounds } from './kafka/topic-bounds.ts';
import { styleFor } from './output/style.ts';
import { createRecordDecoder } from './records/record-decoder.ts';
import { headersOf, jsonOf } from './records/record-line.ts';

const variables = Type.Object({
  ...connectionVariables,
  ...decoderVariables,
  ...deadLetterVariables,
});

/** There is no record at the offset: compacted, a transaction marker, or aborted. */
class NoRecordError extends Error {
  readonly code = 'no-record';
  readonly retryable = false;
}

/** Runs `orders dlq show`. */
export async function showDeadLetter(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    { dlq: { type: 'string' }, json: { type: 'boolean', default: false } },
    { min: 1, max: 1, expected: 'the place of a dead letter, such as 3@41' },
  );
  const place = placeFrom(words[0] as string);
  if (flags.dlq !== undefined && !isTopicName(flags.dlq))
    throw new UsageError(`--dlq must be a valid topic name, not '${flags.dlq}'`);
  const rules = [kafkaRules, ...decoderRules];
  const config = loadConfig(variables, terminal.env, rules, decoderValues);
  const topic = deadLetterTopicOf(config, flags.dlq);
  await withConnection(config, terminal, async (connection) => {
    const decoder = await createRecordDecoder(config, connection.logger);
    try {
      const record = await recordAt(connection, topic, place, terminal.stop);
      const [key, value] = [await decoder.key(record.key), await decoder.value(record.value)];
      const letter = deadLetterOf(record);
      if (flags.json) {
        const { topic, partition, offset } = record;
        const members = {
          ...(letter === undefined ? { topic, partition, offset } : letterJson(letter)),
          key: jsonOf(key),
          value: jsonOf(value),
          ...(value.kind === 'undecodable' && { undecodable: value.error }),
          headers: headersOf(record.headers),
        };
        terminal.stdout.write(`${printExactJson(members)}\n`);
      } else terminal.stdout.write(letterText({ record, key, value }, letter, styleFor(terminal)));
    } finally {
      decoder.close();
    }
  });
  return exitCodes.ok;
}

async function recordAt(
  { client, admin, logger }: Connection,
  topic: string,
  { partition, offset }: { partition: number; offset: bigint },
  signal: AbortSignal,
): Promise<TopicRecord> {
  const [bounds] = choosePartitions(await topicBounds(admin, topic), [partition]);
  if (bounds === undefined || offset < bounds.start || offset >= bounds.stable)
    throw bounds === undefined
      ? new NoRecordError(`${topic} has no partition ${partition}`)
      : new OffsetRangeError(offset, bounds);
  const reader = createTopicReader(client, {
    topic,
    from: new Map([[partition, offset]]),
    to: new Map([[partition, offset + 1n]]),
    signal,
    logger,
  });
  while (reader.open().length > 0 && !signal.aborted) {
    const [record] = await reader.read();
    if (record !== undefined) return record;
  }
  throw new NoRecordError(`${topic}/${partition} has no record at offset ${offset}`);
}
