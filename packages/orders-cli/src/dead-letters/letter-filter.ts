import { UsageError } from '@order-stream/command-line';
import { isTopicName } from '@order-stream/runtime';
import { partitionNumbers } from '../kafka/partition-flag.ts';
import { timeOf } from '../kafka/start-point.ts';
import type { DeadLetter } from './dead-letter.ts';

/** The flags of the commands that choose dead letters. */
export const letterFlags = {
  dlq: { type: 'string' },
  reason: { type: 'string', multiple: true, default: [] as string[] },
  topic: { type: 'string' },
  partition: { type: 'string', multiple: true, default: [] as string[] },
  from: { type: 'string' },
  to: { type: 'string' },
} as const;

/** For the help of commands. */
export const letterFlagsHelp = `  --dlq NAME       the dead-letter topic (default DLQ_TOPIC, <topic>.dlq)
  --reason NAME    only undecodable, rejected or bug; can be repeated
  --topic NAME     only records that came from this topic
  --partition N    only records that came from this partition; can be repeated
  --from TIME      only since: -1h (s, m, h, d) or an ISO 8601 time, when the record became a dead letter
  --to TIME        only before`;

export interface LetterFilter {
  fromMs: number | undefined;
  accepts(letter: DeadLetter): boolean;
}

interface LetterFlags {
  dlq?: string;
  reason: string[];
  topic?: string;
  partition: string[];
  from?: string;
  to?: string;
}

/** @throws UsageError */
export function letterFilter(flags: LetterFlags, nowMs: number): LetterFilter {
  const { reason: reasons, topic } = flags;
  for (const flag of ['dlq', 'topic'] as const) {
    const name = flags[flag];
    if (name !== undefined && !isTopicName(name))
      throw new UsageError(`--${flag} must be a valid topic name, not '${name}'`);
  }
  const partitions = partitionNumbers(flags.partition);
  const fromMs = flags.from === undefined ? undefined : timeOf('--from', flags.from, nowMs);
  const toMs = flags.to === undefined ? undefined : timeOf('--to', flags.to, nowMs);
  return {
    fromMs,
    accepts({ record: { timestampMs }, reason, origin }) {
      if (reasons.length > 0 && !reasons.includes(reason)) return false;
      if (topic !== undefined && origin.topic !== topic) return false;
      if (partitions.length > 0 && !partitions.includes(origin.partition)) return false;
      if (fromMs !== undefined && timestampMs < fromMs) return false;
      return toMs === undefined || timestampMs < toMs;
    },
  };
}
