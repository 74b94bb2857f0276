import { type Deserializer, SerdeError, UndecodableError } from '@order-stream/serde';
import type { KafkaMessage } from 'kafkajs';
import type { Delivery } from './delivery.ts';
import type { Refusal } from './refusal.ts';

/** How to handle a record whose value is null. */
export type TombstonePolicy = 'ignore' | 'dlq';

/**
 * Consecutive records of a partition with the same outcome: all decoded, or all refused. `next` is the index after the last
 * one. Ignored tombstones are part of the run and appear in neither list.
 */
export interface DecodedRun {
  readonly deliveries: readonly Delivery[];
  readonly refusals: readonly Refusal[];
  readonly next: number;
}

export class TombstoneRefusedError extends Error {
  readonly code = 'tombstone';

  constructor() {
    super('the value is null');
    this.name = 'TombstoneRefusedError';
  }
}

/**
 * Decodes a run of records, starting with `records[from]`. An undecodable record is a value. An unavailable registry is a
 * throw, unless earlier records decoded: then the run ends before the record that needs the registry.
 *
 * Invariant: only bytes that can never be decoded become a refusal. A registry that is down, throttled or denies access
 * says nothing about the record.
 */
export function createRecordDecoder(options: {
  deserializer: Deserializer;
  tombstones: TombstonePolicy;
  /** Maximum records in a run. Together with `maxRunBytes` it bounds the values and text in memory. Default 1000. */
  maxRunRecords?: number;
  /**
   * Maximum bytes, after decompression, in a run of several records; default 512 KiB. A larger record is a run of its own, so
   * that a record which the dead-letter topic refuses does not cause its neighbours to be processed repeatedly.
   */
  maxRunBytes?: number;
}): (records: readonly KafkaMessage[], from: number) => Promise<DecodedRun> {
  const { deserializer, tombstones, maxRunRecords = 1000, maxRunBytes = 512 * 1024 } = options;

  return async function decodeRun(records, from) {
    const deliveries: Delivery[] = [];
    const refusals: Refusal[] = [];
    const end = Math.min(records.length, from + maxRunRecords);
    let next = from;
    let bytes = 0;
    for (; next < end; next += 1) {
      const record = records[next] as KafkaMessage;
      let refusal: Refusal;
      if (record.value === null) {
        if (tombstones === 'ignore') continue;
        refusal = { record, reason: 'rejected', error: new TombstoneRefusedError() };
      } else {
        try {
          const decoded =
            deserializer.deserializeSync(record.value) ??
            (await deserializer.deserialize(record.value));
          bytes += decoded.bodyBytes;
          if (refusals.length > 0 || (deliveries.length > 0 && bytes > maxRunBytes)) break;
          deliveries.push({ record, value: decoded.value, schema: decoded.schema });
          continue;
        } catch (error) {
          if (error instanceof UndecodableError) {
            refusal = { record, reason: 'undecodable', error };
          } else if (error instanceof SerdeError) {
            if (deliveries.length + refusals.length > 0) break;
            throw error;
          } else {
            refusal = { record, reason: 'bug', error: error as Error };
          }
        }
      }
      bytes += record.value?.length ?? 0;
      if (deliveries.length > 0 || (refusals.length > 0 && bytes > maxRunBytes)) break;
      refusals.push(refusal);
    }
    return { deliveries, refusals, next };
  };
}
