import { parseArguments, UsageError, wholeNumber } from '@order-stream/command-line';
import { isTopicName } from '@order-stream/runtime';
import { partitionNumbers } from './kafka/partition-flag.ts';
import { type StartPoint, startPointOf } from './kafka/start-point.ts';
import { type ContentFilter, keyFilter, memberFilter } from './records/record-filter.ts';

export interface TailOptions {
  /** Undefined: the topic of the environment. */
  topic: string | undefined;
  from: StartPoint;
  /** Empty: all. */
  partitions: number[];
  /** A record is shown if each of them accepts its key or its value. */
  keys: ContentFilter[];
  fields: ContentFilter[];
  count: number;
  follow: boolean;
  json: boolean;
}

/** @throws UsageError */
export function tailOptions(argv: string[], nowMs: number): TailOptions {
  const { words, flags } = parseArguments(
    argv,
    {
      from: { type: 'string', default: 'latest' },
      partition: { type: 'string', multiple: true, default: [] },
      key: { type: 'string', multiple: true, default: [] },
      field: { type: 'string', multiple: true, default: [] },
      count: { type: 'string' },
      follow: { type: 'boolean', default: true },
      json: { type: 'boolean', default: false },
    },
    { min: 0, max: 1, expected: 'at most one topic' },
  );
  const [topic] = words;
  if (topic !== undefined && !isTopicName(topic))
    throw new UsageError(`expected a topic name, got '${topic}'`);
  const partitions = partitionNumbers(flags.partition);
  const from = startPointOf('--from', flags.from, nowMs);
  if (from.kind === 'offset' && partitions.length !== 1)
    throw new UsageError('--from: an offset needs one --partition');
  return {
    topic,
    from,
    partitions,
    keys: flags.key.map((text) => keyFilter('--key', text)),
    fields: flags.field.map((text) => memberFilter('--field', text)),
    count:
      flags.count === undefined
        ? Number.POSITIVE_INFINITY
        : wholeNumber('--count', flags.count, { min: 1 }),
    follow: flags.follow,
    json: flags.json,
  };
}
