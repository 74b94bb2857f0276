import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSerializer, topicValueName } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { glueSettings } from './glue-local.ts';
import { parseExactJson } from './parse-exact-json.ts';
import { type ServiceOptions, startOrderService } from './service-process.ts';
import { root } from './state-folder.ts';
import { createTopicNamed } from './topics.ts';

/** One line of the stdout sink. An integer is a bigint if a number cannot hold it. */
export interface PrintedRecord {
  topic: string;
  partition: number;
  offset: number;
  timestamp: string;
  timestamp_type: number;
  key: unknown;
  value: Record<string, unknown> & { order_id: string };
  headers: Record<string, unknown>;
}

export type ConsumerProcess = Awaited<ReturnType<typeof startConsumer>>;

/** Starts the consumer service, by default until it is ready. The process is killed when the test of `context` ends. */
export async function startConsumer(options: ServiceOptions) {
  const service = await startOrderService(
    'order-consumer',
    { TOPIC_NAMES: options.topic },
    options,
  );
  const { managementUrl } = service;
  // Tests ask again and again while lines come.
  const parsed: PrintedRecord[] = [];
  let parsedLines = 0;
  return {
    ...service,
    /** The records that the stdout sink has printed so far. */
    records(): PrintedRecord[] {
      const lines = service.stdout();
      // The last line of a killed process may be incomplete, and yet end with a brace. The headers are a line's last member.
      for (const line of lines.slice(parsedLines))
        if (/"headers":\{.*\}\}$/.test(line)) parsed.push(parseExactJson(line) as PrintedRecord);
      parsedLines = lines.length;
      return [...parsed];
    },
    /** The service's log lines with this message. */
    logged: (message: string) =>
      service
        .stderr()
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ msg }) => msg === message),
    /** The sum over all labels of a metric. */
    async metric(name: string) {
      const text = await (await fetch(`${managementUrl}/metrics`)).text();
      return text
        .split('\n')
        .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    },
  };
}

const orderSchema = readFileSync(join(root, 'schemas/order.v1.avsc'), 'utf8');

export interface OrderValue {
  order_id: string;
  ordered_at: number;
  user_id: string;
  order_items: { product_id: number | bigint; quantity: number }[];
}

/**
 * Registers the order schema, or that of another release, and returns a function that frames orders as the producer does.
 *
 * @param schema Avro definition; default the newest that the producer ships
 */
export async function orderFramer(
  registry: { endpoint: string },
  topic: string,
  schema: string = orderSchema,
) {
  const glue = createGlueRegistry({ ...glueSettings(registry), autoRegistration: true });
  await glue.ensureRegistry();
  const serializer = createSerializer({ registry: glue, schemaName: topicValueName });
  await serializer.prepare(topic, { schema });
  glue.close();
  return (order: OrderValue): { key: Buffer; value: Buffer } => ({
    key: Buffer.from(`{"order_id": "${order.order_id}"}`),
    value: Buffer.from(serializer.serializeSync(topic, order, { schema }) as Buffer),
  });
}

/** Orders numbered from `first` on. The number is the product id of the order's only item. */
export function numberedOrders(first: number, count: number): OrderValue[] {
  return Array.from({ length: count }, (_, i) => ({
    order_id: `order-${first + i}`,
    ordered_at: 1_680_745_813_045 + i,
    user_id: 'dicxa',
    order_items: [{ product_id: first + i, quantity: 8 }],
  }));
}

/** Creates the topic's dead-letter topic, by its default name. */
export async function createDeadLetterTopic(
  bootstrapServers: string,
  topic: string,
  partitions = 6,
): Promise<string> {
  await createTopicNamed(bootstrapServers, `${topic}.dlq`, { partitions });
  return `${topic}.dlq`;
}
