import {
  ConfigError,
  createTopicReader,
  isTopicName,
  type TopicReader,
  topicName,
} from '@order-stream/runtime';
import Type from 'typebox';
import type { Terminal } from '../command.ts';
import { type Connection, topicsOf } from '../kafka/connection.ts';
import { positionsAt } from '../kafka/start-point.ts';
import { topicBounds } from '../kafka/topic-bounds.ts';

/** The variables that name the dead-letter topic: those of the consumer, or of `topics create`. */
export const deadLetterVariables = {
  TOPIC_NAME: Type.Optional(topicName()),
  TOPIC_NAMES: Type.Optional(Type.Array(topicName(), { minItems: 1, uniqueItems: true })),
  DLQ_TOPIC: Type.Optional(topicName()),
};

/** @throws ConfigError */
export function deadLetterTopicOf(
  config: { TOPIC_NAME?: string; TOPIC_NAMES?: string[]; DLQ_TOPIC?: string },
  flag: string | undefined,
): string {
  const chosen = flag ?? config.DLQ_TOPIC;
  if (chosen !== undefined) return chosen;
  const [topic, ...others] = topicsOf(config);
  if (others.length > 0)
    throw fault(
      'is required, or --dlq, because TOPIC_NAMES has several topics, each with a dead-letter topic',
    );
  if (!isTopicName(`${topic}.dlq`))
    throw fault(`is required, because ${topic}.dlq is too long for a topic name`);
  return `${topic}.dlq`;
}

const fault = (problem: string) => new ConfigError([{ variable: 'DLQ_TOPIC', problem }]);

/** A reader of the dead letters that exist now. `from` is partition → offset. */
export interface BoundedReader {
  reader: TopicReader;
  from: ReadonlyMap<number, bigint>;
  /** Number of offsets between the positions and the ends. */
  length: number;
}

/**
 * Reads the dead-letter topic to its present end.
 *
 * @param start a time, the beginning (undefined), or an offset for each partition that is to be read
 * @throws MissingTopicError
 */
export async function readDeadLetters(
  { client, admin, logger }: Connection,
  topic: string,
  start: number | undefined | ReadonlyMap<number, bigint>,
  { stop }: Pick<Terminal, 'stop'>,
): Promise<BoundedReader> {
  const bounds = await topicBounds(admin, topic);
  const chosen =
    start instanceof Map
      ? start
      : await positionsAt(
          admin,
          start === undefined ? { kind: 'earliest' } : { kind: 'time', ms: start as number },
          bounds,
        );
  const to = new Map(bounds.map(({ partition, stable }) => [partition, stable]));
  const from = new Map<number, bigint>();
  let length = 0;
  for (const { partition, start: first, stable } of bounds) {
    const offset = chosen.get(partition);
    if (offset === undefined) continue;
    // An offset of an interrupted run may be gone by retention.
    const position = offset < first ? first : offset > stable ? stable : offset;
    from.set(partition, position);
    length += Number(stable - position);
  }
  return {
    reader: createTopicReader(client, { topic, from, to, signal: stop, logger }),
    from,
    length,
  };
}
