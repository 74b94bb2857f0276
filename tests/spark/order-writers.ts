import assert from 'node:assert/strict';
import { glueSettings } from '@order-stream/local-stack/glue-local';
import { startProducer } from '@order-stream/local-stack/producer';
import { writeRaw } from '@order-stream/local-stack/topics';
import { createSerializer, topicValueName } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import type { Order } from './evolved-orders.ts';

interface Place {
  bootstrapServers: string;
  registry: { endpoint: string };
  topic: string;
}

/** Posts the orders to the producer service, whose schema is version 1. */
export async function produce(place: Place, orders: Order[], compression: 'none' | 'zlib') {
  const producer = await startProducer({ ...place, env: { SCHEMA_COMPRESSION: compression } });
  const post = async (order: Order) => {
    // As digits, because JSON numbers above 2^53 are rejected.
    const order_items = order.order_items.map(({ product_id, quantity }) => ({
      product_id: String(product_id),
      quantity: String(quantity),
    }));
    const { status, body } = await producer.post({ ...order, order_items });
    assert.equal(status, 201, JSON.stringify(body));
  };
  await Promise.all(orders.map(post));
  await producer.stop();
}

/** Writes values of any schema, which it registers under the topic's name. */
export async function createWriter({ bootstrapServers, registry, topic }: Place) {
  const glue = createGlueRegistry({ ...glueSettings(registry), autoRegistration: true });
  await glue.ensureRegistry();
  const frames = async (
    values: readonly object[],
    schema: string,
    compression: 'none' | 'zlib' = 'none',
  ): Promise<Buffer[]> => {
    const options = { registry: glue, schemaName: topicValueName, compression };
    const serializer = createSerializer(options);
    await serializer.prepare(topic, { schema });
    return values.map((value) =>
      Buffer.from(serializer.serializeSync(topic, value, { schema }) as Buffer),
    );
  };
  return {
    frames,
    writeRaw: (records: { key?: Buffer; value: Buffer | null }[]) =>
      writeRaw(bootstrapServers, topic, records),
    write: async (...[values, schema, compression]: Parameters<typeof frames>) => {
      const framed = await frames(values, schema, compression);
      await writeRaw(
        bootstrapServers,
        topic,
        framed.map((value) => ({ value })),
      );
    },
    close: () => glue.close(),
  };
}
