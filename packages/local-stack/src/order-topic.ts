import { createDeadLetterTopic, numberedOrders, orderFramer } from './consumer.ts';
import { createTopic, writeRaw } from './topics.ts';

/** Creates a topic for numbered orders in the producer's frame, with its dead-letter topic. */
export async function createOrderTopic(options: {
  bootstrapServers: string;
  registry: { endpoint: string };
  /** Default 6. */
  partitions?: number;
  /** The partition of the order at this index of a call. Default: the key decides. */
  partitionOf?: (index: number) => number;
}) {
  const { bootstrapServers, registry, partitions = 6, partitionOf } = options;
  const topic = await createTopic(bootstrapServers, { partitions });
  await createDeadLetterTopic(bootstrapServers, topic);
  const frame = await orderFramer(registry, topic);
  const records = (first: number, count: number) =>
    numberedOrders(first, count).map((order, index) => ({
      ...frame(order),
      ...(partitionOf && { partition: partitionOf(index) }),
    }));
  return {
    topic,
    /** The consumer's group when no other is set. */
    groupId: `${topic}-group-01`,
    records,
    write: (first: number, count: number) =>
      writeRaw(bootstrapServers, topic, records(first, count)),
  };
}
