import {
  type Deserialized,
  type Deserializer,
  type RegisteredSchema,
  SerdeError,
  UndecodableError,
} from '@order-stream/serde';
import type { KafkaMessage } from 'kafkajs';
import { connectPayload } from './connect-payload.ts';
import { type DecodedKey, type Delivery, versionIdOf, type WriterSchema } from './delivery.ts';
import type { Refusal, RefusalReason } from './refusal.ts';
import { answerWithin, SlowRegistryError } from './slow-registry.ts';

/** How to handle a record whose value is null. */
export type TombstonePolicy = 'ignore' | 'delete' | 'dlq';

/**
 * Consecutive records of a partition. `next` is the index after the last one. Ignored tombstones are part of the run and
 * appear in neither list.
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
 * Decodes a run of a topic's records, starting with `records[from]`. An undecodable record is a value. An unavailable registry is a
 * throw, unless other records come first: then the run ends before the record that needs the registry. It ends there as well if the
 * registry is slow, because decoded records need not wait for the schemas of later ones.
 *
 * Invariant: only bytes that can never be decoded become a refusal. A registry that is down, throttled or denies access
 * says nothing about the record, nor does a data format that this process does not load.
 */
export function createRecordDecoder(options: {
  deserializerOf(topic: string): Deserializer;
  /** Decodes the keys of delivered records. Default: they are not decoded. */
  keys?: Deserializer | undefined;
  tombstones: TombstonePolicy;
  /** Maximum records in a run. Together with `maxRunBytes` it bounds the values and text in memory. Default 1000. */
  maxRunRecords?: number;
  /**
   * Maximum bytes, after decompression, in a run of several records; default 512 KiB. A larger record is a run of its own, so
   * that a record which the dead-letter topic refuses does not cause its neighbours to be processed repeatedly.
   */
  maxRunBytes?: number;
  /** How long the first record of a run may wait for the schemas of later ones. Default 1000. */
  maxRunMs?: number;
  /** The monotonic clock, in ms. Default `performance.now`. */
  now?: () => number;
}): (topic: string, records: readonly KafkaMessage[], from: number) => Promise<DecodedRun> {
  const { deserializerOf, keys, tombstones } = options;
  const { maxRunRecords = 1000, maxRunBytes = 512 * 1024 } = options;
  const { maxRunMs = 1000, now = () => performance.now() } = options;
  const deliverySchemas = createDeliverySchemas();
  // Each remembers its last schema, which the other would replace with every record.
  const keySchemas = createDeliverySchemas();

  /** Any bytes may be a key: those that are not a frame, or only look like one, stay undecoded. */
  async function decodedKey(
    key: Buffer | null,
    ask: (by: Deserializer, bytes: Buffer) => Promise<Deserialized>,
  ): Promise<Deserialized | undefined> {
    if (key === null || keys === undefined) return undefined;
    try {
      return keys.deserializeSync(key) ?? (await ask(keys, key));
    } catch (error) {
      if (error instanceof UndecodableError) return undefined;
      throw error;
    }
  }

  function deliveredKey(key: Deserialized | undefined): { key?: DecodedKey } {
    if (key === undefined) return {};
    return { key: { value: key.value, schema: keySchemas(key.schema) } };
  }

  return async function decodeRun(topic, records, from) {
    const deserializer = deserializerOf(topic);
    const deliveries: Delivery[] = [];
    const refusals: Refusal[] = [];
    const end = Math.min(records.length, from + maxRunRecords);
    const startedAt = now();
    let next = from;
    let bytes = 0;
    /** Decodes a record whose schema is not known. The first record of a run waits for the registry as long as it takes. */
    const ask = async (by: Deserializer, framed: Buffer): Promise<Deserialized> => {
      if (next === from) return by.deserialize(framed);
      const leftMs = startedAt + maxRunMs - now();
      if (leftMs <= 0) throw new SlowRegistryError();
      return answerWithin(by.deserialize(framed), leftMs);
    };
    /** Whether a record of so many bytes still fits into the run. */
    const fits = (more: number): boolean => {
      bytes += more;
      return bytes <= maxRunBytes || deliveries.length + refusals.length === 0;
    };

    for (; next < end; next += 1) {
      const record = records[next] as KafkaMessage;
      const { value } = record;
      if (value === null && tombstones !== 'delete') {
        if (tombstones === 'dlq')
          refusals.push({ record, reason: 'rejected', error: new TombstoneRefusedError() });
        continue;
      }
      try {
        if (value === null) {
          const key = await decodedKey(record.key, ask);
          if (!fits(key?.bodyBytes ?? 0)) return { deliveries, refusals, next };
          deliveries.push({ record, value: null, schema: undefined, ...deliveredKey(key) });
          continue;
        }
        const decoded = deserializer.deserializeSync(value) ?? (await ask(deserializer, value));
        const key = beginsAsFrame(record.key) ? await decodedKey(record.key, ask) : undefined;
        if (!fits(decoded.bodyBytes + (key?.bodyBytes ?? 0))) return { deliveries, refusals, next };
        const schema = deliverySchemas(decoded.readerSchema ?? decoded.schema);
        const isUnframed = schema.versionId === undefined && schema.dataFormat === 'JSON';
        const content = isUnframed ? connectPayload(decoded.value) : decoded.value;
        const delivery = { record, value: content, schema };
        deliveries.push(key === undefined ? delivery : { ...delivery, ...deliveredKey(key) });
      } catch (error) {
        const reason = refusalReason(error);
        if (reason === undefined && next === from) throw error;
        if (reason === undefined || !fits(value?.length ?? 0))
          return { deliveries, refusals, next };
        refusals.push({ record, reason, error: error as Error });
      }
    }
    return { deliveries, refusals, next };
  };
}

/** Text, as the keys of orders, never begins with these bytes: the first of Confluent's and of Glue's frame. */
function beginsAsFrame(key: Buffer | null): boolean {
  const first = key?.[0];
  return first === 0x00 || first === 0x03;
}

/** Undefined for an error that says nothing about the record. */
function refusalReason(error: unknown): RefusalReason | undefined {
  if (error instanceof UndecodableError) return 'undecodable';
  const isRegistryFault = error instanceof SerdeError || error instanceof SlowRegistryError;
  return isRegistryFault ? undefined : 'bug';
}

/** One object for each schema version, because sinks compare and remember schemas by identity. */
function createDeliverySchemas() {
  const known = new WeakMap<RegisteredSchema, WriterSchema>();
  let last: RegisteredSchema | undefined;
  let lastSchema: WriterSchema;
  return (schema: RegisteredSchema): WriterSchema => {
    if (schema === last) return lastSchema;
    let found = known.get(schema);
    if (!found) {
      found = Object.freeze({ ...schema, versionId: versionIdOf(schema) });
      known.set(schema, found);
    }
    last = schema;
    lastSchema = found;
    return found;
  };
}
