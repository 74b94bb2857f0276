import type { OutgoingRecord, TraceContext } from '@order-stream/runtime';
import { partitionFor } from '@order-stream/runtime';
import type { RegisteredSchema, Serializer } from '@order-stream/serde';
import type { OrderEvent } from './order-event.ts';

/** UUID text, the integer of a Confluent-compatible registry, null without a registry. */
export type SchemaVersionId = string | number | null;

export interface EncodedOrder {
  partition: number;
  record: OutgoingRecord;
  /** Of the value itself: the registry may have given the schema another id since `prepare`. */
  schemaVersionId: SchemaVersionId;
}

export interface OrderEncoder {
  /** Looks the schema up, or registers it. @throws what the registry says */
  prepare(): Promise<RegisteredSchema>;
  /**
   * The record of an order for a topic of `partitionCount` partitions; its headers carry the trace on.
   *
   * @throws SchemaMismatchError when the event does not fit the schema
   */
  encode(
    event: OrderEvent,
    partitionCount: number,
    acceptedAtMs: number,
    trace?: TraceContext,
  ): EncodedOrder;
}

/** Orders as records: key, framed value and the partition that Java's default partitioner gives the key. */
export function createOrderEncoder(options: {
  serializer: Serializer;
  topic: string;
  schema: string;
  contentType: string;
}): OrderEncoder {
  const { serializer, topic } = options;
  const headers = { 'content-type': Buffer.from(options.contentType) };
  // One object for every order: the serializer then finds its schema by identity.
  const choice = { schema: options.schema };

  return {
    prepare: () => serializer.prepare(topic, choice),
    encode(event, partitionCount, acceptedAtMs, trace) {
      const schema = serializer.schemaSync(topic, choice);
      const value = serializer.serializeSync(topic, event, choice);
      if (schema === undefined || value === undefined) throw new Error('encode before prepare');
      const key = orderKey(event.order_id);
      // The record's own timestamp is when it was accepted: Kafka deletes by it, so an order dated 2023 would
      // be acknowledged and then removed by retention.
      return {
        partition: partitionFor(key, partitionCount),
        record: {
          key,
          value,
          headers: trace === undefined ? headers : { ...headers, ...trace },
          timestampMs: acceptedAtMs,
        },
        schemaVersionId: schema.schemaVersionId ?? schema.schemaId ?? null,
      };
    },
  };
}

/** With the space that Python's json.dumps writes: the key's bytes choose the partition. */
export function orderKey(orderId: string): Buffer {
  return Buffer.from(`{"order_id": "${orderId}"}`);
}
