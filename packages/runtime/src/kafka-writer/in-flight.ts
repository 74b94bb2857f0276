import type { KafkaError } from '../kafka-errors.ts';
import type { PendingRecord } from './batch.ts';

export type InFlight = ReturnType<typeof createInFlight>;

/** The records that were accepted and have no answer yet. */
export function createInFlight(maxRecords: number, maxBytes: number) {
  let records = 0;
  let bytes = 0;
  const waiting: (() => void)[] = [];

  return {
    /** Counts a record of this size, or returns false when a limit is reached. */
    add(recordBytes: number): boolean {
      if (records >= maxRecords || bytes + recordBytes > maxBytes) return false;
      records += 1;
      bytes += recordBytes;
      return true;
    },
    /** Calls back with the record's offset or error. */
    answer(pending: PendingRecord, outcome: bigint | KafkaError): void {
      records -= 1;
      bytes -= pending.bytes;
      try {
        if (typeof outcome === 'bigint') pending.written(outcome);
        else pending.failed(outcome);
      } catch (error) {
        // A defect of the caller ends the process, but only after the neighbouring records have their answers.
        setImmediate(() => {
          throw error;
        });
      }
      if (records === 0) for (const resolve of waiting.splice(0)) resolve();
    },
    size: () => ({ records, bytes }),
    /** Resolves when each record has its answer. */
    async drained(): Promise<void> {
      if (records > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
