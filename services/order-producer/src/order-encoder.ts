import type { OutgoingRecord, TraceContext } from '@order-stream/runtime';
import { partitionFor } from '@order-stream/runtime';
import type { RegisteredSchema, Serializer } from '@order-stream/serde';
import type { OrderEvent } from './order-event.ts';

export type OrderEncoder = ReturnType<typeof createOrderEncoder>;

/** Orders as records: key, framed value and the partition that Java's default partitioner gives the key. */
export function createOrderEncoder(options: {
  serializer: Serializer;
  topic: string;
  schema: string;
  contentType: string;
}) {
  const { serializer, topic } = options;
  const headers = { 'content-type': Buffer.from(options.contentType) };
  // One object for every order: the serializer then finds its schema by identity.
  const choice = { schema: options.schema };

  return {
    /** Looks the schema up, or registers it, and returns its version id. @throws what the registry says */
    prepare: async () => versionIdOf(await serializer.prepare(topic, choice)),
    /**
     * The record of an order for a topic of `partitionCount` partitions; its headers carry the trace on.
     *
     * @throws SchemaMismatchError when the event does not fit the schema
     */
    encode(event: OrderEvent, partitionCount: number, acceptedAtMs: number, trace?: TraceContext) {
      const schema = serializer.schemaSync(topic, choice);
      const value = serializer.serializeSync(topic, event, choice);
      if (schema === undefined || value === undefined) throw new Error('encode before prepare');
      const key = orderKey(event.order_id);
      const record: OutgoingRecord = {
        key,
        value,
        headers: trace === undefined ? headers : { ...headers, ...trace },
        // When the order was accepted: Kafka deletes by this, so an order dated 2023 would be acknowledged and then
        // removed by retention.
        timestampMs: acceptedAtMs,
      };
      const partition = partitionFor(key, partitionCount);
      // Of the value itself: the registry may have given the schema another id since `prepare`.
      return { partition, record, schemaVersionId: versionIdOf(schema) };
    },
  };
}

/** UUID text, the integer of a Confluent-compatible registry, null without a registry. */
function versionIdOf({ schemaVersionId, schemaId }: RegisteredSchema): string | number | null {
  return schemaVersionId ?? schemaId ?? null;
}

/** With the space that Python's json.dumps writes: the key's bytes choose the partition. */
export function orderKey(orderId: string): Buffer {
  return Buffer.from(`{"order_id": "${orderId}"}`);
}
