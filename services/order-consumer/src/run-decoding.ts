import type { KafkaMessage } from 'kafkajs';
import type { DecodedRun } from './record-decoder.ts';
import { answerWithin, SlowRegistryError } from './slow-registry.ts';

/** A schema that is known is found at once. Waiting longer for one would delay the other partitions of the same fetch. */
const decodeWithinMs = 250;

/** Consecutive records of a partition and what they were decoded to. */
export interface RecordRun extends Pick<DecodedRun, 'deliveries' | 'refusals'> {
  readonly records: readonly KafkaMessage[];
  /** When the decoding began, by `performance.now()`. */
  readonly startedAt: number;
}

/**
 * Decodes the runs of one partition. A run that takes long holds the partition instead of its caller, and is kept for the next call.
 * Without the kept run, a partition whose run asks the registry for longer than an answer is remembered would ask for ever.
 */
export function createRunDecoding(options: {
  decode(records: readonly KafkaMessage[], from: number): Promise<DecodedRun>;
  /** The partition can take nothing for a reason, or no longer. */
  hold(cause: object, fault: Error | undefined): void;
  /** A decoding failed after its caller had gone. */
  failed(error: Error): void;
}) {
  const { decode, hold, failed } = options;
  /** The last run that was begun and not returned. `run` is set once it is decoded. */
  let last: { run?: RecordRun } | undefined;

  async function begin(records: readonly KafkaMessage[], at: number): Promise<RecordRun> {
    const startedAt = performance.now();
    const { deliveries, refusals, next } = await decode(records, at);
    return { records: records.slice(at, next), deliveries, refusals, startedAt };
  }

  return {
    /** Decodes a run from `records[at]` on. Returns undefined, and holds the partition meanwhile, if that takes long. */
    async decodeRun(records: readonly KafkaMessage[], at: number): Promise<RecordRun | undefined> {
      const kept = last?.run;
      const own: typeof last = {};
      last = own;
      const count = kept === undefined ? 0 : sharedRecords(kept.records, records, at);
      if (kept !== undefined && count > 0) return firstRecords(kept, count);

      const decoding = begin(records, at);
      try {
        return await answerWithin(decoding, decodeWithinMs);
      } catch (error) {
        if (!(error instanceof SlowRegistryError)) throw error;
        if (last === own) hold(own, error);
      }
      decoding
        .then(
          (run) => {
            own.run = run;
          },
          (error) => {
            if (last === own) failed(error as Error);
          },
        )
        .finally(() => hold(own, undefined));
      return undefined;
    },
    /** The partition is over or begins again: a run in progress, or a kept one, is not used. */
    drop(): void {
      last = undefined;
    },
  };
}

/** How many records of a kept run are the records from `at` on: a batch that is fetched again may end elsewhere. */
function sharedRecords(
  kept: readonly KafkaMessage[],
  records: readonly KafkaMessage[],
  at: number,
): number {
  const other = kept.findIndex(({ offset }, i) => offset !== records[at + i]?.offset);
  return other < 0 ? kept.length : other;
}

/** The first `count` records of a run, at least one, and what they were decoded to. */
export function firstRecords(run: RecordRun, count: number): RecordRun {
  if (count === run.records.length) return run;
  const end = BigInt((run.records[count] as KafkaMessage).offset);
  const isIncluded = ({ record }: { record: KafkaMessage }) => BigInt(record.offset) < end;
  return {
    ...run,
    records: run.records.slice(0, count),
    deliveries: run.deliveries.filter(isIncluded),
    refusals: run.refusals.filter(isIncluded),
  };
}
